using System.Text.Json.Serialization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Caching;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// The checks where identity is at home. What ends a session tells <see cref="SessionCache"/>, so this process knows
/// at once and, with Redis, the others a moment later; without, they know within <see cref="SessionCheckBound.Age"/>.
/// </summary>
internal sealed class SessionCheckService(
    ISessionStateRepository sessions, ICache cache, IdentityOptions options, TimeProvider time) : ISessionChecks
{
    private readonly SessionLimits limits =
        new(TimeSpan.FromDays(options.SessionIdleDays), TimeSpan.FromDays(options.SessionDays));

    public async ValueTask<bool> IsGood(
        Caller caller, string accessToken, bool atOnce, CancellationToken cancellation)
    {
        var state = atOnce
            ? await Load(caller.Session, cancellation)
            : await cache.Get(
                SessionCache.KeyOf(caller.Session),
                new CachePolicy(SessionCheckBound.Age) { Tags = [SessionCache.TagOf(caller.User)] },
                SessionStateJson.Default.SessionState,
                token => Load(caller.Session, token),
                cancellation);
        return state.User == caller.User.Value && state.Role == caller.Role;
    }

    private async ValueTask<SessionState> Load(SessionId session, CancellationToken cancellation) =>
        await sessions.Of(session, limits, time.Now(), cancellation);
}

/// <summary>Whose session it is; both are null when it may not be used any more.</summary>
internal sealed record SessionState(
    Guid? User, [property: JsonConverter(typeof(RoleJsonConverter))] Role? Role)
{
    public static readonly SessionState Over = new(null, null);
}

[JsonSerializable(typeof(SessionState))]
internal sealed partial class SessionStateJson : JsonSerializerContext;
