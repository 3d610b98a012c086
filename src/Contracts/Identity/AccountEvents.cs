using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>An administrator gave an account another role.</summary>
public sealed record UserRoleChangedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid UserId,
    [property: JsonConverter(typeof(RoleJsonConverter))] Role Role)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.role_changed";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserRoleChangedEvent);
}

/// <summary>An account may not be used any more; its sessions have ended.</summary>
public sealed record UserDisabledEvent(Guid Id, DateTimeOffset OccurredAt, Guid UserId)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.disabled";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserDisabledEvent);
}

/// <summary>A disabled account may be used again.</summary>
public sealed record UserEnabledEvent(Guid Id, DateTimeOffset OccurredAt, Guid UserId)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.enabled";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserEnabledEvent);
}

/// <summary>What is known of a person has changed: the address, the name, the language or the time zone.</summary>
/// <param name="Email">The normalised address from now on.</param>
/// <param name="Language">Tag of the language to write to them in, such as <c>en</c>, if they said.</param>
/// <param name="TimeZone">Of the tz database, such as <c>Europe/Berlin</c>, if they said.</param>
public sealed record UserProfileChangedEvent(
    Guid Id, DateTimeOffset OccurredAt, Guid UserId, string Email, string? Name, string? Language, string? TimeZone)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.profile_changed";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserProfileChangedEvent);
}

/// <summary>
/// Something happened to an account that its owner must hear of, in case it was somebody else who did it.
/// </summary>
/// <param name="Email">Where to tell it: after a change of address, the old one.</param>
/// <param name="Notice">What happened.</param>
/// <param name="Device">What the client says it is, such as <c>Firefox on Linux</c>.</param>
/// <param name="Address">Of the client on the network.</param>
public sealed record SecurityNoticeEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid UserId,
    string Email,
    string? Name,
    string? Language,
    SecurityNotice Notice,
    string? Device,
    string? Address)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.security_notice";

    public override string AggregateId => UserId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.SecurityNoticeEvent);
}

/// <summary>What an owner is told of. In JSON in camelCase.</summary>
[JsonConverter(typeof(SecurityNoticeJsonConverter))]
public enum SecurityNotice
{
    PasswordChanged,

    /// <summary>By a mailed link; every session has ended.</summary>
    PasswordReset,

    EmailChanged,

    /// <summary>A link was mailed to another address; nothing changes until it is opened.</summary>
    EmailChangeRequested,

    /// <summary>A spent refresh token came back: somebody has a copy. The session has ended.</summary>
    RefreshTokenReused,

    SecondFactorEnabled,

    SecondFactorDisabled,

    /// <summary>A recovery code took the place of a code of the authenticator.</summary>
    RecoveryCodeUsed,

    RecoveryCodesRenewed,

    /// <summary>Somebody tried to register with the address of this account; nothing changed.</summary>
    RegistrationAttempted,
}

internal sealed class SecurityNoticeJsonConverter()
    : JsonStringEnumConverter<SecurityNotice>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
