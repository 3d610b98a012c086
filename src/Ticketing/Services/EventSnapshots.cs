using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Caching;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Events and lists of them as everyone sees them, read once a second however many ask, and by one. They are for
/// display: nothing is decided by them. What an organizer changes is forgotten at once; what is booked is not.
/// </summary>
internal sealed class EventSnapshots(
    ICache cache, IEventRepository events, IEventViewRepository views, TimeProvider time)
{
    private const string Lists = "ticketing.events";

    // With the time to read it, it is a second old when it goes.
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(900);
    private static readonly CachePolicy OfHtml = new(TimeSpan.FromHours(1));
    private static readonly CachePolicy OfList = new(FreshFor) { Tags = [Lists] };

    /// <summary>Null where there is none.</summary>
    public ValueTask<EventSnapshot?> Find(string idOrSlug, CancellationToken cancellation) => cache.Get(
        $"ticketing.event.1:{idOrSlug}",
        new CachePolicy(FreshFor) { Tags = [Tag(idOrSlug)] },
        SnapshotJson.Default.EventSnapshot,
        async ending => await Read(idOrSlug, ending),
        cancellation);

    /// <summary>Published ones.</summary>
    public ValueTask<Page<EventView>> List(
        EventListing listing, PageRequest page, CancellationToken cancellation) => cache.Get(
        string.Create(
            null,
            $"{Lists}.1:{page.Limit}:{page.Number}:{page.After}:{listing.From.UtcTicks}:{listing.Until.UtcTicks}:") +
            string.Join('+', listing.Words),
        OfList,
        SnapshotJson.Default.PageEventView,
        async ending => await views.List(listing, page, time.Now(), ending),
        cancellation);

    /// <summary>As it is at this moment.</summary>
    public async Task<EventSnapshot?> Read(string idOrSlug, CancellationToken cancellation)
    {
        var now = time.Now();
        var id = Guid.TryParseExact(idOrSlug, "D", out var given)
            ? new EventId(given)
            : await views.FindId(idOrSlug, cancellation);
        return id is { } known && await events.Read(known, now, cancellation) is var (@event, offer)
            ? new EventSnapshot(
                @event.ToContract(offer.Own, now) with
                {
                    DescriptionHtml = await Html(@event.Details.Description, cancellation),
                },
                @event.Organizer.Value,
                @event.ChangedAt,
                [.. offer.Types.Select(type => type.ToContract(@event, offer))])
            : null;
    }

    /// <summary>After the commit of a change, so that nobody sees it as it was for longer than they must.</summary>
    public async ValueTask Forget(Event changed)
    {
        await cache.Invalidate(Tag(changed.Id.ToString()));
        await cache.Invalidate(Tag(changed.Slug));
        await cache.Invalidate(Lists);
    }

    // Rendered once for a text, not once a second.
    private ValueTask<string?> Html(string? markdown, CancellationToken cancellation) => markdown is null
        ? ValueTask.FromResult<string?>(null)
        : cache.Get(
            $"ticketing.html.1:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)))}",
            OfHtml,
            SnapshotJson.Default.String,
            _ => ValueTask.FromResult(DescriptionHtml.Of(markdown)),
            cancellation);

    // Addresses may be of any length, tags may not.
    private static string Tag(string idOrSlug) =>
        $"ticketing.event:{(idOrSlug.Length <= 64 ? idOrSlug.ToLowerInvariant() : "long")}";
}

/// <summary>An event as it was a moment ago.</summary>
/// <param name="Types">Archived ones too.</param>
internal sealed record EventSnapshot(
    EventView View, Guid Organizer, DateTimeOffset ChangedAt, IReadOnlyList<TicketTypeView> Types)
{
    public bool IsDraft => View.Status == EventStatus.Draft.ToText();

    /// <summary>Its organizer's, and an administrator's, to change.</summary>
    public bool MayChange(Caller? caller) =>
        caller is not null && (caller.User.Value == Organizer || caller.Is(Role.Admin));
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(EventSnapshot))]
[JsonSerializable(typeof(Page<EventView>))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
