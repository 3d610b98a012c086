using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Something people attend. Its places are counted by its <see cref="Pool"/>.</summary>
internal sealed class Event(
    EventId id,
    UserId organizer,
    string slug,
    CheckedDetails details,
    EventStatus status,
    int version,
    DateTimeOffset createdAt,
    DateTimeOffset? changedAt = null)
{
    public EventId Id => id;

    public UserId Organizer => organizer;

    public string Slug => slug;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>When its organizer last said something else of it.</summary>
    public DateTimeOffset ChangedAt { get; private set; } = changedAt ?? createdAt;

    public CheckedDetails Details { get; private set; } = details;

    public EventStatus Status { get; private set; } = status;

    /// <summary>One more at every change, from 1.</summary>
    public int Version { get; private set; } = version;

    public static Result<Event> Create(UserId organizer, EventDetails details, string? status, DateTimeOffset now)
    {
        var faults = new Faults();
        var (clean, first) = Check(details, status, now, faults);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        return new Event(
            EventId.New(now), organizer, Domain.Slug.Of(clean.Name), clean, first, version: 1, createdAt: now);
    }

    /// <summary>Says every fault of what is to become an event.</summary>
    public static (CheckedDetails Details, EventStatus Status) Check(
        EventDetails details, string? status, DateTimeOffset now, Faults faults)
    {
        var clean = details.Check(now, faults);
        var first = status is null ? EventStatus.Draft : EventStatuses.Parse(status);
        faults.Require(first is EventStatus.Draft or EventStatus.Published, "status", "must be draft or published");
        return (clean, first ?? EventStatus.Draft);
    }

    /// <summary>Takes over new details and status; the pool follows in its own way.</summary>
    public Result<Done> Change(EventDetails details, string? status, Pool pool, DateTimeOffset now)
    {
        var faults = new Faults();
        var clean = details.Check(now, faults, Details.EndAt);
        var next = EventStatuses.Parse(status);
        faults.Require(next is not null, "status", "must be draft, published or cancelled");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        if (next < Status)
        {
            return TicketingProblems.Transition(Status, next!.Value);
        }

        if (pool.Resize(clean.Capacity).Failed(out var problem))
        {
            return problem;
        }

        Details = clean;
        Status = next!.Value;
        ChangedAt = now;
        Version++;
        return new Done();
    }

    /// <summary>Null when places may be booked now, else why not.</summary>
    public Problem? WhyNotOnSale(DateTimeOffset now)
    {
        // A draft is nobody's business yet: it is refused like an unknown event.
        return Status switch
        {
            EventStatus.Draft => Problem.NotFound("event"),
            EventStatus.Cancelled => TicketingProblems.NotOnSale(),
            _ => HasBegun(now) ? TicketingProblems.Started() : null,
        };
    }

    /// <summary>The same event under a slug that is not taken yet.</summary>
    public Event WithSlugSuffix() => new(
        Id, Organizer, Domain.Slug.WithSuffix(Domain.Slug.Of(Details.Name)), Details, Status, Version, CreatedAt);

    /// <summary>Null when buyers may still cancel, else why not.</summary>
    public Problem? WhyNotCancel(DateTimeOffset now)
    {
        if (HasBegun(now))
        {
            return TicketingProblems.Started();
        }

        return now >= Details.CancelUntil ? TicketingProblems.CancellationClosed(Details.CancelUntil.Value) : null;
    }

    /// <summary>Its organizer's, and an administrator's, to change.</summary>
    public bool MayChange(Caller? caller) =>
        caller is not null && (caller.User == Organizer || caller.Is(Role.Admin));

    /// <summary>Shows the lowest price of its ticket types.</summary>
    public void Reprice(long lowest)
    {
        Details = Details with { Price = Details.Price with { Minor = lowest } };
        Version++;
    }

    public bool HasBegun(DateTimeOffset now) => now >= Details.StartAt;
}
