using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class EventSearchTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [OnEveryDatabase]
    public async Task Events_are_found_by_words_of_every_text_in_any_case_and_without_marks(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var chess = await Publish(office, "Évening of Chess", venue: "Café Müller", description: "Bring a clock.");
        var wine = await Publish(office, "Wine/Cheese: tasting", address: "Hauptstraße 5\n10115 Berlin");

        Assert.Equal([chess], await Find(office, "evening chess"));
        Assert.Equal([chess], await Find(office, "CAFE mull"));
        Assert.Equal([chess], await Find(office, "clock"));
        Assert.Equal([wine], await Find(office, "cheese"));
        Assert.Equal([wine], await Find(office, "berlin 101"));
        Assert.Empty(await Find(office, "eveni chess"));
        Assert.Empty(await Find(office, "chess wine"));

        await office.Events.Update(office.Organizer, chess, new UpdateEvent { Name = "Night of Go" }, null, None);
        Assert.Empty(await Find(office, "evening"));
        Assert.Equal([chess], await Find(office, "night go"));
        await office.Events.Delete(BoxOffice.Person(Role.Admin), chess, None);
        Assert.Empty(await Find(office, "night"));
    }

    [OnEveryDatabase]
    public async Task Whatever_is_typed_is_looked_for_and_never_understood(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var one = await Publish(office, "Or and not near");

        foreach (var typed in new[]
        {
            "or", "AND not", "near(", "\"or\" and", "or*", "o'r' and", "-or", "name:or", "or ^ and", "or:*", "(or)",
            "or\\", "!or & and", "or 🎻", "or <-> and", "{or} +near",
        })
        {
            Assert.True((await Find(office, typed)).Count <= 1, typed);
        }

        foreach (var typed in new[] { "or", "AND not", "(or)", "or*", "\"or\" and", "or \\ and", "!or & and", "or 🎻" })
        {
            Assert.Equal([one], await Find(office, typed));
        }

        Assert.Empty(await Find(office, string.Concat(Enumerable.Repeat("x ", 500))));
        Assert.Empty(await Find(office, new string('x', 1_000)));
    }

    [OnEveryDatabase]
    public async Task Dates_bound_what_is_listed_and_found_and_cursors_go_on(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var days = new List<Guid>();
        for (var day = 1; day <= 6; day++)
        {
            days.Add(await Publish(office, "Jazz", startsIn: TimeSpan.FromDays(day)));
        }

        var now = office.Time.Now();
        foreach (var search in new[] { null, "jazz" })
        {
            var between = new EventFilter(search, now.AddDays(2).AddHours(1), now.AddDays(5));
            var first = await office.Events.List(between, new PageRequest(2, null, null), None);
            Assert.True(Cursor.TryParse(first.NextCursor, out var cursor));
            var rest = await office.Events.List(between, new PageRequest(2, null, cursor), None);
            // The second still runs an hour after it began.
            Assert.Equal(days[1..4], first.Items.Concat(rest.Items).Select(found => found.Id));
            Assert.Null(rest.NextCursor);
            Assert.Equal(3, (await office.Events.List(between, new PageRequest(2, 1, null), None)).Total);
            Assert.Equal(
                days[1..4],
                (await office.Events.ListOwn(office.Organizer, between, new PageRequest(9, null, null), None)).Items
                    .Select(found => found.Id));
        }

        Assert.Empty((await office.Events.ListOwn(
            BoxOffice.Person(), new EventFilter("jazz"), new PageRequest(9, 1, null), None)).Items);
        office.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(days[2..], await Find(office, "jazz"));
    }

    [OnEveryDatabase]
    public async Task Drafts_are_found_by_their_organizer_alone(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var draft = await Publish(office, "Secret party", status: "draft");

        Assert.Empty(await Find(office, "secret"));
        Assert.Equal([draft], (await office.Events.ListOwn(
            office.Organizer, new EventFilter("secret"), new PageRequest(9, 1, null), None)).Items.Select(e => e.Id));
    }

    private static async Task<IReadOnlyList<Guid>> Find(BoxOffice office, string words) =>
        [.. (await office.Events.List(new EventFilter(words), new PageRequest(100, 1, null), None)).Items
            .Select(found => found.Id)];

    private static async Task<Guid> Publish(
        BoxOffice office,
        string name,
        string? venue = null,
        string? address = null,
        string? description = null,
        TimeSpan? startsIn = null,
        string status = "published")
    {
        var start = office.Time.Now() + (startsIn ?? TimeSpan.FromDays(7));
        var request = new CreateEvent(
            name, description, venue, start, start.AddHours(3), Capacity: 5, Status: status, Address: address);
        return (await office.Events.Create(office.Organizer, request, None)).Value.Id;
    }
}
