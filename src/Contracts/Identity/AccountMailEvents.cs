using System.Text.Json;

namespace Gatehouse.Contracts.Identity;

/// <summary>Somebody has to show that an address is theirs, by a link that is mailed to it.</summary>
/// <param name="Email">Where the link goes: not always the account's address yet.</param>
/// <param name="SealedToken">The link's token, sealed as <see cref="AccountTokens"/> says.</param>
/// <param name="ExpiresAt">From then on the link is good for nothing, and no mail is sent.</param>
public sealed record VerificationRequestedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid UserId,
    string Email,
    string? Name,
    string? Language,
    string SealedToken,
    DateTimeOffset ExpiresAt)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.verification_requested";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.VerificationRequestedEvent);
}

/// <summary>Somebody has forgotten a password and gets a link to choose another.</summary>
/// <param name="Email">The account's address.</param>
/// <param name="SealedToken">The link's token, sealed as <see cref="AccountTokens"/> says.</param>
/// <param name="ExpiresAt">From then on the link is good for nothing, and no mail is sent.</param>
public sealed record PasswordResetRequestedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid UserId,
    string Email,
    string? Name,
    string? Language,
    string SealedToken,
    DateTimeOffset ExpiresAt)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.password_reset_requested";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.PasswordResetRequestedEvent);
}

/// <summary>An account was signed in to from where it was not before.</summary>
/// <param name="Email">The account's address.</param>
/// <param name="Device">What the client says it is, such as <c>Firefox on Linux</c>.</param>
/// <param name="Address">Of the client on the network.</param>
public sealed record NewSignInEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid UserId,
    string Email,
    string? Name,
    string? Language,
    string? Device,
    string? Address)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.new_sign_in";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.NewSignInEvent);
}

/// <summary>
/// How the token of a mailed link travels: sealed with the installation's key (<c>SecretBox</c>) for the one event that
/// carries it. So no outbox, inbox, job, dead letter, broker or backup holds a link that works; it is opened when the
/// mail is written, and nowhere before.
/// </summary>
public static class AccountTokens
{
    /// <summary>What the token's UTF-8 bytes are sealed for.</summary>
    /// <param name="eventId">The <see cref="IntegrationEvent.Id"/> of the event that carries it.</param>
    public static string Purpose(Guid eventId) => $"identity/account-token/{eventId}";
}
