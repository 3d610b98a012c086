using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>What an organizer says of a new event.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">Markdown, up to 10,000 characters.</param>
/// <param name="Venue">Its name, up to 300 characters.</param>
/// <param name="StartAt">With offset; at most 10 years ahead.</param>
/// <param name="EndAt">After the start, at most 366 days after it, and not yet past.</param>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>; <c>UTC</c> unless given.</param>
/// <param name="Capacity">Places, 1 to 1,000,000.</param>
/// <param name="Price">Of one place in minor units, 0 (free) to 100,000,000; 0 unless given.</param>
/// <param name="Currency">ISO 4217; <c>EUR</c> unless given.</param>
/// <param name="Status"><c>draft</c> (unless given) or <c>published</c>.</param>
/// <param name="Address">Of the venue, up to 500 characters.</param>
/// <param name="CancelUntil">Buyers may cancel until then; until the start unless given.</param>
public sealed record CreateEvent(
    string? Name = null,
    string? Description = null,
    string? Venue = null,
    DateTimeOffset? StartAt = null,
    DateTimeOffset? EndAt = null,
    string? TimeZone = null,
    int? Capacity = null,
    long? Price = null,
    string? Currency = null,
    string? Status = null,
    string? Address = null,
    DateTimeOffset? CancelUntil = null);

/// <summary>
/// A merge-patch (RFC 7396) of an event: absent leaves, null clears. Bounds as in <see cref="CreateEvent"/>.
/// </summary>
public sealed record UpdateEvent
{
    // What is absent is not written either: as null it would clear the field.
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Venue { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> StartAt { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> EndAt { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> TimeZone { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Address { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> CancelUntil { get; init; }

    /// <summary>Not below the places held and sold.</summary>
    [JsonConverter(typeof(OptionalConverter<int?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> Capacity { get; init; }

    /// <summary>Counts for bookings made from now on.</summary>
    [JsonConverter(typeof(OptionalConverter<long?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<long?> Price { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Currency { get; init; }

    /// <summary>
    /// <c>draft</c> → <c>published</c> → <c>cancelled</c>. From then on nothing is sold; its bookings are cancelled one
    /// after another, and those who have them are told.
    /// </summary>
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Status { get; init; }
}

/// <summary>An event as everyone sees it.</summary>
/// <param name="Slug">Its readable name in addresses; never changes.</param>
/// <param name="Available">Places free, a second ago at most: for display; what decides is the booking itself.</param>
/// <param name="Price">The lowest of its ticket types, in minor units.</param>
/// <param name="Status"><c>draft</c>, <c>published</c>, <c>cancelled</c>, or <c>ended</c>.</param>
/// <param name="Version">One more at every change.</param>
/// <param name="DescriptionHtml">
/// The description, which is Markdown, as HTML that is safe to show; absent in lists.
/// </param>
public sealed record EventView(
    Guid Id,
    string Slug,
    string Name,
    string? Description,
    string? Venue,
    DateTimeOffset StartAt,
    DateTimeOffset EndAt,
    string TimeZone,
    int Capacity,
    int Available,
    long Price,
    string Currency,
    string Status,
    int Version,
    string? Address,
    DateTimeOffset? CancelUntil,
    string? DescriptionHtml = null);

/// <summary>Which events; what is null, or absent, does not matter.</summary>
/// <param name="Search">Words that all are in name, venue, address or description; the last one may be begun.</param>
/// <param name="From">They end after that.</param>
/// <param name="Until">They start before that.</param>
public sealed record EventFilter(string? Search = null, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    public static readonly EventFilter None = new();
}

/// <param name="Slug">Of the event, for the name of the file.</param>
/// <param name="Version">Of the event.</param>
public sealed record EventCalendar(string Slug, int Version, string File);
