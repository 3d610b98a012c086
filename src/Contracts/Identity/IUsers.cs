using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>All accounts, for those who look after them. Whoever calls has been asked for the permission.</summary>
public interface IUsers
{
    /// <summary>Those that fit, the newest first, by cursor.</summary>
    Task<Page<UserView>> List(UserFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>Problems: <c>not_found</c>.</summary>
    Task<Result<UserView>> Get(UserId user, CancellationToken cancellation);

    /// <summary>
    /// Gives another role, disables or enables; what is so already is no change. Disabling ends every session. The
    /// account's access tokens are refused at once where a permission is asked for, elsewhere within
    /// <see cref="SessionCheckBound.Age"/>.
    /// Problems: <c>not_found</c>; <c>validation_failed</c>; <c>reauth_required</c>; <c>last_admin</c> when no enabled
    /// administrator would be left, whatever others do at the same time.
    /// </summary>
    /// <param name="by">Who wants it; null for the command line of the machine.</param>
    Task<Result<UserView>> Change(Caller? by, UserId user, ChangeUser change, CancellationToken cancellation);

    /// <summary>Ends every session of the account. Problems: <c>not_found</c>.</summary>
    Task<Result<Done>> EndSessions(UserId user, CancellationToken cancellation);
}

/// <summary>Which accounts; null is any.</summary>
/// <param name="Search">How the address or the name begins, in any case; 1 to 100 characters.</param>
public sealed record UserFilter(string? Search = null, Role? Role = null, bool? Disabled = null);

/// <summary>A merge-patch of an account: absent leaves, null is refused.</summary>
public sealed record ChangeUser
{
    /// <summary><c>user</c>, <c>organizer</c> or <c>admin</c>.</summary>
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Role { get; init; }

    [JsonConverter(typeof(OptionalConverter<bool?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool?> Disabled { get; init; }
}

/// <summary>An account as administrators see it.</summary>
public sealed record UserView
{
    public required Guid Id { get; init; }

    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    public string? Name { get; init; }

    [JsonConverter(typeof(RoleJsonConverter))]
    public required Role Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its owner showed that the address is theirs; absent until then.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>Since when it may not be used; absent while it may.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    // A record prints its members; an address must not reach a log that way.
    public override string ToString() => $"user {Id}";
}
