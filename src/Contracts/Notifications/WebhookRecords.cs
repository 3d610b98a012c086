using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Notifications;

/// <summary>What a user says of a new webhook.</summary>
/// <param name="Url">http or https, up to 2,000 characters, at an address of the public internet.</param>
/// <param name="Events">1 to 50 names such as <c>booking.confirmed</c>, <c>booking.*</c> or <c>*</c>.</param>
/// <param name="Description">Up to 200 characters.</param>
/// <param name="Active"><c>true</c> unless given.</param>
/// <param name="Scope"><c>own</c> (unless given): what concerns the caller; <c>all</c>: everyone's, for admins.</param>
public sealed record CreateWebhook(
    string? Url = null,
    IReadOnlyList<string>? Events = null,
    string? Description = null,
    bool? Active = null,
    string? Scope = null);

/// <summary>
/// A merge-patch (RFC 7396) of a webhook: absent leaves, null clears. Bounds as in <see cref="CreateWebhook"/>.
/// </summary>
public sealed record UpdateWebhook
{
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Url { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> Events { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    /// <summary>Switching it on again forgets that it failed.</summary>
    [JsonConverter(typeof(OptionalConverter<bool?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool?> Active { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Scope { get; init; }
}

/// <summary>A webhook as its owner sees it.</summary>
/// <param name="Scope"><c>own</c> or <c>all</c>.</param>
/// <param name="FailingSince">The first of the failures since anything was delivered last, or since a day without any;
/// absent while all is well.</param>
/// <param name="DisabledAt">When Gatehouse switched it off; absent where its owner did, or it is on.</param>
/// <param name="DisabledReason"><c>gone</c> (it answered 410), <c>failing</c> (for days), or <c>not_admin</c> (it got
/// what concerns everyone, and its owner is no admin any more).</param>
/// <param name="PreviousSecretUntil">While the secret before this one signs as well.</param>
/// <param name="Secret"><c>whsec_…</c>; in the answer that made it only.</param>
public sealed record WebhookView(
    Guid Id,
    string Url,
    IReadOnlyList<string> Events,
    string? Description,
    bool Active,
    string Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset? DisabledAt,
    string? DisabledReason,
    DateTimeOffset? PreviousSecretUntil,
    string? Secret);

/// <summary>A new secret, shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and 32 bytes in base64.</param>
/// <param name="PreviousSecretUntil">Until then the secret before it signs as well.</param>
public sealed record WebhookSecretView(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>One message to one webhook.</summary>
/// <param name="MessageId">What goes out as <c>webhook-id</c>, the same however often it is sent.</param>
/// <param name="Status"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Made so far, those before a replay included.</param>
/// <param name="HttpStatus">Of the last answer; absent where none came.</param>
/// <param name="LatencyMs">Of the last attempt, in milliseconds.</param>
/// <param name="Error">Why the last attempt failed.</param>
/// <param name="Answer">The first 1,024 bytes of the last answer's body.</param>
/// <param name="NextAttemptAt">While it is pending.</param>
/// <param name="Body">What is sent; only where one delivery is asked for.</param>
public sealed record WebhookDeliveryView(
    Guid Id,
    Guid WebhookId,
    Guid MessageId,
    string Type,
    string Status,
    int Attempts,
    int? HttpStatus,
    int? LatencyMs,
    string? Error,
    string? Answer,
    DateTimeOffset CreatedAt,
    DateTimeOffset? AttemptedAt,
    DateTimeOffset? NextAttemptAt,
    string? Body);

/// <summary>Which deliveries to send again.</summary>
/// <param name="From">The earliest, by the time they were made; within the 30 days they are kept.</param>
/// <param name="To">Before this time; now unless given.</param>
/// <param name="Status"><c>failed</c> (unless given), <c>delivered</c> or <c>all</c>.</param>
public sealed record ReplayWebhook(DateTimeOffset? From = null, DateTimeOffset? To = null, string? Status = null);

/// <summary>What a replay did.</summary>
/// <param name="Count">Deliveries that are sent again.</param>
/// <param name="NextFrom">Ask with it as <c>from</c> for the rest; absent when there is none.</param>
public sealed record WebhookReplayView(int Count, DateTimeOffset? NextFrom);
