using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Documents;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>The border between events of the domain and of Contracts, both ways.</summary>
internal static class EventContracts
{
    public static EventDetails ToDetails(this CreateEvent request) => new(
        request.Name,
        request.Description,
        request.Venue,
        request.Address,
        request.StartAt,
        request.EndAt,
        request.TimeZone,
        request.CancelUntil,
        request.Capacity,
        request.Price,
        request.Currency);

    /// <summary>The patch laid over what there is.</summary>
    public static EventDetails ToDetails(this UpdateEvent patch, CheckedDetails current) => new(
        patch.Name.Or(current.Name),
        patch.Description.Or(current.Description),
        patch.Venue.Or(current.Venue),
        patch.Address.Or(current.Address),
        patch.StartAt.Or(current.StartAt),
        patch.EndAt.Or(current.EndAt),
        patch.TimeZone.Or(current.TimeZone),
        patch.CancelUntil.Or(current.CancelUntil),
        patch.Capacity.Or(current.Capacity),
        patch.Price.Or(current.Price.Minor),
        patch.Currency.Or(current.Price.Currency.Code));

    public static EventView ToContract(this Event of, Pool pool, DateTimeOffset now) => new(
        of.Id.Value,
        of.Slug,
        of.Details.Name,
        of.Details.Description,
        of.Details.Venue,
        of.Details.StartAt,
        of.Details.EndAt,
        of.Details.TimeZone,
        pool.Size,
        pool.Available,
        of.Details.Price.Minor,
        of.Details.Price.Currency.Code,
        of.Status.ToText(of.Details.EndAt, now),
        of.Version,
        of.Details.Address,
        of.Details.CancelUntil);

    /// <summary>For whoever fetches it, it is the same entry as the one in a mail.</summary>
    public static string ToCalendar(this EventSnapshot of) => CalendarFile.Write(
        new CalendarEntry(
            CalendarEntry.UidOf(of.View.Id),
            of.View.Version,
            of.ChangedAt,
            of.View.StartAt,
            of.View.EndAt,
            of.View.Name,
            string.Join(", ", new[] { of.View.Venue, of.View.Address?.ReplaceLineEndings(", ") }
                .Where(part => !string.IsNullOrEmpty(part))),
            of.View.Status == EventStatus.Cancelled.ToText()),
        of.View.Description ?? "");

    public static string ToJson(this Event of, Pool pool, DateTimeOffset now) =>
        JsonSerializer.Serialize(of.ToContract(pool, now), TicketingJson.Default.EventView);

    /// <param name="of">The event.</param>
    /// <param name="act">What was done: <c>created</c>, <c>updated</c>, <c>deleted</c>, or its new status.</param>
    public static AuditFact ToAudit(this Event of, string act) => new($"event.{act}", $"event/{of.Id}");

    public static EventChangedEvent ToFact(this Event of, string change, DateTimeOffset now) => new(
        Ids.New(now),
        now,
        of.Id.Value,
        of.Organizer.Value,
        change,
        of.Details.Name,
        of.Slug,
        of.Details.Venue,
        of.Details.StartAt,
        of.Details.EndAt,
        of.Details.TimeZone,
        of.Status.ToText(),
        of.Version);
}
