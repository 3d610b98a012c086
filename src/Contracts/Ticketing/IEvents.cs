using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Events people attend. A refusal is a <see cref="Problem"/>; the codes are named at each act.</summary>
public interface IEvents
{
    /// <summary>
    /// Makes an event of the caller's. Codes: <c>validation_failed</c>, <c>forbidden</c> below organizer.
    /// </summary>
    Task<Result<EventView>> Create(Caller caller, CreateEvent request, CancellationToken cancellation);

    /// <summary>
    /// Published events that have not ended, by start; by keyset where the request has no page number. At most 1 s old.
    /// </summary>
    Task<Page<EventView>> List(EventFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>The caller's own events of any status, by start, as they are now.</summary>
    Task<Page<EventView>> ListOwn(
        Caller caller, EventFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// One event by id or slug: as it is now for its organizer and admins, who alone see a draft; for everyone else it
    /// is at most 1 s old. Code: <c>not_found</c>.
    /// </summary>
    Task<Result<EventView>> Get(Caller? caller, string idOrSlug, CancellationToken cancellation);

    /// <summary>
    /// One event as a calendar file (RFC 5545), by id or slug; seen as by <see cref="Get"/>. Code: <c>not_found</c>.
    /// </summary>
    Task<Result<EventCalendar>> Calendar(Caller? caller, string idOrSlug, CancellationToken cancellation);

    /// <summary>
    /// Changes the fields that are given, if the event is still at <paramref name="version"/> (null: at any).
    /// Codes: <c>not_found</c>, <c>precondition_failed</c>, <c>validation_failed</c>, <c>capacity_below_sold</c>,
    /// <c>invalid_transition</c>.
    /// </summary>
    Task<Result<EventView>> Update(
        Caller caller, Guid id, UpdateEvent request, int? version, CancellationToken cancellation);

    /// <summary>
    /// Deletes an event that never had a booking. Codes: <c>not_found</c>, <c>event_has_bookings</c>.
    /// </summary>
    Task<Result<Done>> Delete(Caller caller, Guid id, CancellationToken cancellation);
}
