using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class TicketTypeService(
    EventLocks locks,
    IEventRepository events,
    ITicketTypeRepository types,
    EventSnapshots snapshots,
    IAuditLog audit,
    TimeProvider time) : ITicketTypes
{
    public async Task<Result<IReadOnlyList<TicketTypeView>>> List(
        Caller? caller, Guid eventId, CancellationToken cancellation)
    {
        var id = eventId.ToString();
        if (await snapshots.Find(id, cancellation) is not { } seen || (seen.IsDraft && !seen.MayChange(caller)))
        {
            return Problem.NotFound("event");
        }

        if (!seen.MayChange(caller))
        {
            return seen.Types.Where(type => type.Archived is null).ToList();
        }

        return await snapshots.Read(id, cancellation) is { } now ? now.Types.ToList() : Problem.NotFound("event");
    }

    public async Task<Result<TicketTypeView>> Create(
        Caller caller, Guid eventId, CreateTicketType request, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        var (@event, offer, now) = (locked.Event, locked.Offer, locked.Now);
        var faults = new Faults();
        var details = request.ToDetails().Check(faults);
        faults.Require(offer.Offered.All(type => type.Details.Name != details.Name), "name", "is another type's");
        faults.Require(
            offer.Types.Count < TicketType.PerEventMax,
            "name",
            $"is one too many: {TicketType.PerEventMax} an event");
        var others = request.Pools?.Distinct().ToList() ?? [];
        faults.Require(
            others.TrueForAll(id => offer.Pools.Any(pool => pool.Id == id)), "pools", "must be pools of this event");
        if (request.Capacity is { } places)
        {
            faults.Whole("capacity", places, 1, EventDetails.CapacityMax);
            faults.Require(
                offer.Pools.Count <= TicketType.PerEventMax,
                "capacity",
                $"makes one pool too many: {TicketType.PerEventMax} an event");
        }

        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var pools = offer.Pools.ToList();
        if (request.Capacity is { } size)
        {
            var own = new Pool(Ids.New(now), size, held: 0, sold: 0, details.Name);
            if (!await types.Insert(locked.Unit, @event.Id, own))
            {
                faults.Add("name", "is that of a pool; name the pool in pools, or choose another");
                return faults.ToProblem();
            }

            pools.Add(own);
            others.Add(own.Id);
        }

        var type = new TicketType(
            TicketTypeId.New(now),
            @event.Id,
            details,
            [.. others.Prepend(offer.Own.Id).Distinct()],
            offer.Types.Count == 0 ? 1 : offer.Types[^1].Position + 1,
            now,
            archivedAt: null);
        var grown = new Offer(pools, [.. offer.Types, type]);
        await types.Insert(locked.Unit, type);
        audit.Write(locked.Unit, Fact("created", type) with { After = type.ToJson(@event, grown) });
        await Settle(locked, grown);
        return type.ToContract(@event, grown);
    }

    public async Task<Result<TicketTypeView>> Update(
        Caller caller, Guid eventId, Guid id, UpdateTicketType request, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked?.Offer.Find(new TicketTypeId(id)) is not { } type)
        {
            return Problem.NotFound(locked is null ? "event" : "ticket type");
        }

        var (@event, offer) = (locked.Event, locked.Offer);
        var faults = new Faults();
        var details = request.ToDetails(type.Details).Check(faults);
        faults.Require(
            offer.Offered.All(other => other == type || other.Details.Name != details.Name),
            "name",
            "is another type's");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var before = type.ToJson(@event, offer);
        type.Change(details);
        await types.Update(locked.Unit, type);
        audit.Write(locked.Unit, Fact("updated", type).Between(before, type.ToJson(@event, offer)));
        await Settle(locked, offer);
        return type.ToContract(@event, offer);
    }

    public async Task<Result<Done>> Delete(Caller caller, Guid eventId, Guid id, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked?.Offer.Find(new TicketTypeId(id)) is not { } type)
        {
            return Problem.NotFound(locked is null ? "event" : "ticket type");
        }

        if (!type.IsOffered)
        {
            return new Done();
        }

        var (@event, offer) = (locked.Event, locked.Offer);
        if (offer.Offered.Count() == 1)
        {
            return TicketingProblems.LastType();
        }

        var before = type.ToJson(@event, offer);
        if (!await types.Delete(locked.Unit, type))
        {
            type.Archive(locked.Now);
            await types.Update(locked.Unit, type);
            audit.Write(locked.Unit, Fact("archived", type));
        }
        else
        {
            audit.Write(locked.Unit, Fact("deleted", type) with { Before = before });
        }

        await Settle(locked, new Offer(offer.Pools, [.. offer.Types.Where(other => other != type)]));
        return new Done();
    }

    public async Task<Result<IReadOnlyList<PoolView>>> ListPools(
        Caller caller, Guid eventId, CancellationToken cancellation)
    {
        if (await events.Read(new EventId(eventId), time.Now(), cancellation) is not var (@event, offer) ||
            !@event.MayChange(caller))
        {
            return Problem.NotFound("event");
        }

        return offer.Pools.Where(pool => pool.Name is not null).Select(pool => pool.ToContract()).ToList();
    }

    public async Task<Result<PoolView>> CreatePool(
        Caller caller, Guid eventId, PoolRequest request, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        var faults = new Faults();
        var (name, size) = Check(request, faults);
        faults.Require(
            locked.Offer.Pools.Count <= TicketType.PerEventMax,
            "name",
            $"is one too many: {TicketType.PerEventMax} an event");
        var pool = new Pool(Ids.New(locked.Now), size, held: 0, sold: 0, name);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        if (!await types.Insert(locked.Unit, locked.Event.Id, pool))
        {
            faults.Add("name", "is another pool's");
            return faults.ToProblem();
        }

        audit.Write(locked.Unit, Fact("created", pool, locked.Event) with { After = Json(pool) });
        await locked.Commit([]);
        await snapshots.Forget(locked.Event);
        return pool.ToContract();
    }

    public async Task<Result<PoolView>> UpdatePool(
        Caller caller, Guid eventId, Guid id, PoolRequest request, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked?.Offer.Pools.FirstOrDefault(pool => pool.Id == id && pool.Name is not null) is not { } pool)
        {
            return Problem.NotFound(locked is null ? "event" : "pool");
        }

        var faults = new Faults();
        var (name, size) = Check(new PoolRequest(request.Name ?? pool.Name, request.Size ?? pool.Size), faults);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var before = Json(pool);
        if (pool.Resize(size).Failed(out var problem))
        {
            return problem;
        }

        if (!await types.Update(locked.Unit, locked.Event.Id, pool, name))
        {
            faults.Add("name", "is another pool's");
            return faults.ToProblem();
        }

        var renamed = new Pool(pool.Id, pool.Size, pool.Held, pool.Sold, name);
        audit.Write(locked.Unit, Fact("updated", pool, locked.Event).Between(before, Json(renamed)));
        await locked.Commit([]);
        await snapshots.Forget(locked.Event);
        return renamed.ToContract();
    }

    public async Task<Result<Done>> DeletePool(
        Caller caller, Guid eventId, Guid id, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked?.Offer.Pools.FirstOrDefault(pool => pool.Id == id && pool.Name is not null) is not { } pool)
        {
            return Problem.NotFound(locked is null ? "event" : "pool");
        }

        if (!await types.Delete(locked.Unit, locked.Event.Id, pool))
        {
            return TicketingProblems.PoolInUse();
        }

        audit.Write(locked.Unit, Fact("deleted", pool, locked.Event) with { Before = Json(pool) });
        await locked.Commit([]);
        await snapshots.Forget(locked.Event);
        return new Done();
    }

    /// <summary>The event shows the lowest price it is offered at.</summary>
    private async Task Settle(LockedEvent locked, Offer offer)
    {
        locked.Event.Reprice(offer.Offered.Min(type => type.Details.Price));
        await events.Update(locked.Unit, locked.Event, offer.Own);
        await locked.Commit([locked.Event.ToFact("updated", locked.Now)]);
        await snapshots.Forget(locked.Event);
    }

    private static (string Name, int Size) Check(PoolRequest request, Faults faults)
    {
        var name = faults.Text("name", request.Name, 1, TicketTypeDetails.NameCharactersMax);
        if (faults.Require(request.Size is not null, "size", "is required"))
        {
            faults.Whole("size", request.Size!.Value, 1, EventDetails.CapacityMax);
        }

        return (name, request.Size ?? 0);
    }

    private static AuditFact Fact(string act, TicketType type) =>
        new($"ticket_type.{act}", $"event/{type.Event}/ticket-type/{type.Id}");

    private static AuditFact Fact(string act, Pool pool, Event of) =>
        new($"pool.{act}", $"event/{of.Id}/pool/{pool.Id}");

    private static string Json(Pool pool) => System.Text.Json.JsonSerializer.Serialize(
        pool.ToContract(), TicketingJson.Default.PoolView);
}
