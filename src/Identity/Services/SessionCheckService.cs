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
        return state.Role == caller.Role;
    }

    private async ValueTask<SessionState> Load(SessionId session, CancellationToken cancellation) =>
        new(await sessions.RoleIn(session, limits, time.Now(), cancellation));
}

/// <param name="Role">Of the account whose session it is; null when it may not be used any more.</param>
internal sealed record SessionState([property: JsonConverter(typeof(RoleJsonConverter))] Role? Role);

[JsonSerializable(typeof(SessionState))]
internal sealed partial class SessionStateJson : JsonSerializerContext;
