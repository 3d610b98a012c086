using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>What people see and change of their own account.</summary>
public interface IOwnAccount
{
    /// <summary>The account, or null when there is none or it is disabled.</summary>
    Task<OwnAccountView?> Find(UserId user, CancellationToken cancellation);

    /// <summary>
    /// Changes the fields that are given. Problems: <c>validation_failed</c>; <c>invalid_token</c> when the account is
    /// gone or disabled.
    /// </summary>
    Task<Result<OwnAccountView>> Update(Caller caller, UpdateOwnAccount request, CancellationToken cancellation);

    /// <summary>
    /// Has a link mailed to another address, which becomes the account's once the link is opened
    /// (<see cref="IEmailVerification.Confirm"/>); until then nothing changes. Where that address has an account the
    /// answer is the same and nothing is mailed. Problems: <c>reauth_required</c>; <c>validation_failed</c>;
    /// <c>rate_limited</c>; <c>invalid_token</c>.
    /// </summary>
    Task<Result<LinkReceipt>> ChangeEmail(Caller caller, EmailRequest request, CancellationToken cancellation);

    /// <summary>
    /// Sets another password, ends the other sessions and forgets the other devices unless told not to, kills mailed
    /// links that are still good, and mails the owner. The current one is asked for; wrong ones count with those of
    /// <see cref="IOwnSessions.Reauthenticate"/>. Problems: <c>validation_failed</c>, with <c>currentPassword</c> when
    /// it is wrong; <c>rate_limited</c>; <c>conflict</c> when it was changed meanwhile; <c>busy</c>;
    /// <c>invalid_token</c>.
    /// </summary>
    Task<Problem?> ChangePassword(Caller caller, ChangePasswordRequest request, CancellationToken cancellation);
}

/// <summary>An account as its owner sees it.</summary>
public sealed record OwnAccountView
{
    public required Guid Id { get; init; }

    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    /// <summary>Whether its owner has shown that the address is theirs.</summary>
    public required bool EmailVerified { get; init; }

    public string? Name { get; init; }

    /// <summary>Tag of BCP 47 in its usual case, such as <c>pt-BR</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Of the tz database, such as <c>Europe/Berlin</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>user</c>, <c>organizer</c> or <c>admin</c>.</summary>
    [JsonConverter(typeof(RoleJsonConverter))]
    public required Role Role { get; init; }
}

/// <summary>A merge-patch (RFC 7396) of one's own account: absent leaves, null clears.</summary>
public sealed record UpdateOwnAccount
{
    // What is absent is not written either: as null it would clear the field.
    /// <summary>What to call the person, 1 to 100 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Name { get; init; }

    /// <summary>Tag of BCP 47: language, script, region and variants, at most 35 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Language { get; init; }

    /// <summary>Of the tz database.</summary>
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> TimeZone { get; init; }
}

public sealed record ChangePasswordRequest
{
    public string? CurrentPassword { get; init; }

    /// <summary>As in <see cref="RegisterRequest"/>.</summary>
    public string? NewPassword { get; init; }

    /// <summary>Whether every session but the caller's ends; true unless given.</summary>
    public bool? EndOtherSessions { get; init; }

    /// <summary>
    /// The <see cref="TokenGrant.DeviceToken"/> of this device: with the other sessions every other one is forgotten.
    /// </summary>
    public string? DeviceToken { get; init; }

    public override string ToString() => nameof(ChangePasswordRequest);
}
