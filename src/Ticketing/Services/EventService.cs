using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Search;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

internal sealed class EventService(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    IEventRepository events,
    ITicketTypeRepository types,
    EventLocks locks,
    IEventViewRepository views,
    EventSnapshots snapshots,
    IAuditLog audit,
    TimeProvider time) : IEvents
{
    private const int SlugAttemptsMax = 5;

    public async Task<Result<EventView>> Create(Caller caller, CreateEvent request, CancellationToken cancellation)
    {
        if (!caller.Is(Role.Organizer))
        {
            return new Problem(ProblemCodes.Forbidden, "Only organizers may create events.");
        }

        var now = time.Now();
        if (Event.Create(caller.User, request.ToDetails(), request.Status, now) is var created &&
            created.Failed(out var problem))
        {
            return problem;
        }

        await using var unit = await database.Begin(cancellation);
        var @event = created.Value;
        var pool = new Pool(Ids.New(now), @event.Details.Capacity, held: 0, sold: 0);
        var standard = TicketType.Standard(@event, pool, now);
        for (var attempt = 1; !await events.Insert(unit, @event, pool, standard); attempt++)
        {
            if (attempt == SlugAttemptsMax)
            {
                return new Problem(ProblemCodes.Conflict, "Too many events have this name; choose another.");
            }

            @event = @event.WithSlugSuffix();
        }

        await Outbox.Add(unit, @event.ToFact("created", now));
        audit.Write(unit, @event.ToAudit("created") with { After = @event.ToJson(pool, now) });
        await unit.Commit();
        await snapshots.Forget(@event);
        return @event.ToContract(pool, now);
    }

    public async Task<Page<EventView>> List(
        EventFilter filter, PageRequest page, CancellationToken cancellation) =>
        await snapshots.List(ToListing(filter, organizer: null), page, cancellation);

    public Task<Page<EventView>> ListOwn(
        Caller caller, EventFilter filter, PageRequest page, CancellationToken cancellation) =>
        views.List(ToListing(filter, caller.User), page, time.Now(), cancellation);

    public async Task<Result<EventView>> Get(Caller? caller, string idOrSlug, CancellationToken cancellation) =>
        await See(caller, idOrSlug, cancellation) is { } seen ? seen.View : Problem.NotFound("event");

    public async Task<Result<EventCalendar>> Calendar(
        Caller? caller, string idOrSlug, CancellationToken cancellation) =>
        await See(caller, idOrSlug, cancellation) is { } seen
            ? new EventCalendar(seen.View.Slug, seen.View.Version, seen.ToCalendar())
            : Problem.NotFound("event");

    public async Task<Result<EventView>> Update(
        Caller caller, Guid id, UpdateEvent request, int? version, CancellationToken cancellation)
    {
        await using var locked = await locks.Take(new EventId(id), cancellation);
        if (locked is null || !locked.Event.MayChange(caller))
        {
            return Problem.NotFound("event");
        }

        var @event = locked.Event;
        if (version is not null && version != @event.Version)
        {
            return new Problem(
                ProblemCodes.PreconditionFailed, $"It is at version {@event.Version} now; read it again.");
        }

        var pool = locked.Offer.Own;
        var (before, stood, price) = (@event.ToJson(pool, locked.Now), @event.Status, @event.Details.Price.Minor);
        var details = request.ToDetails(@event.Details);
        var status = request.Status.Or(@event.Status.ToText());
        if (@event.Change(details, status, pool, locked.Now).Failed(out var problem))
        {
            return problem;
        }

        if (@event.Details.Price.Minor != price)
        {
            if (locked.Offer.Offered.ToList() is not [var only])
            {
                return TicketingProblems.PriceOfTypes();
            }

            only.Change(only.Details with { Price = @event.Details.Price.Minor });
            await types.Update(locked.Unit, only);
        }

        await events.Update(locked.Unit, @event, pool);
        // Said again, it is done again, should a job have died.
        if (@event.Status == EventStatus.Cancelled)
        {
            await EventCancellation.Enqueue(locked.Unit, @event, locked.Now);
        }

        var act = @event.Status == stood ? "updated" : @event.Status.ToText();
        audit.Write(locked.Unit, @event.ToAudit(act).Between(before, @event.ToJson(pool, locked.Now)));
        await locked.Commit([@event.ToFact("updated", locked.Now)]);
        await snapshots.Forget(@event);
        return @event.ToContract(pool, locked.Now);
    }

    public async Task<Result<Done>> Delete(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (!caller.Is(Role.Admin))
        {
            return new Problem(ProblemCodes.Forbidden, "Only admins may delete events.");
        }

        await using var locked = await locks.Take(new EventId(id), cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        if (!await events.Delete(locked.Unit, locked.Event.Id))
        {
            return TicketingProblems.HasBookings();
        }

        audit.Write(
            locked.Unit,
            locked.Event.ToAudit("deleted") with { Before = locked.Event.ToJson(locked.Offer.Own, locked.Now) });
        await locked.Commit([locked.Event.ToFact("deleted", locked.Now)]);
        await snapshots.Forget(locked.Event);
        return new Done();
    }

    // A draft is nobody else's business yet, and who may change it sees what there is to change.
    private async Task<EventSnapshot?> See(Caller? caller, string idOrSlug, CancellationToken cancellation) =>
        await snapshots.Find(idOrSlug, cancellation) is not { } seen ? null
        : seen.MayChange(caller) ? await snapshots.Read(idOrSlug, cancellation)
        : seen.IsDraft ? null
        : seen;

    private static EventListing ToListing(EventFilter filter, UserId? organizer) => new(
        organizer,
        SearchText.WordsOf(filter.Search),
        filter.From ?? DateTimeOffset.UnixEpoch,
        filter.Until ?? DateTimeOffset.MaxValue.ToMicroseconds());
}
