using System.Diagnostics;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Events as people look at them, and their sale as organizers do.</summary>
public sealed class EventViewTests(Installations installations)
{
    [InEveryTopology]
    public async Task Whatever_is_searched_for_gets_a_clear_answer(Topology topology)
    {
        var installation = await installations.On(topology);
        var made = (await installation.Organizer.Post("/events", Api.Wish("Zwölf Boxkämpfer").ToJsonString())).Is(201);
        foreach (var typed in new[] { "zwolf", "BOX", "\"zwölf\" OR", "zwölf*", "zwölf 🎻", "(zwölf", "'zwölf':*" })
        {
            var found = (await installation.Anyone.Get($"/events?q={Uri.EscapeDataString(typed)}")).Is(200);
            if (!typed.Contains("OR", StringComparison.Ordinal))
            {
                Assert.Contains(made.Id, found.Text, StringComparison.Ordinal);
            }
        }

        foreach (var typed in new[] { "a\0b", "!?*", "🎻", new string('x', 1_000) })
        {
            (await installation.Anyone.Get($"/events?q={Uri.EscapeDataString(typed)}"))
                .IsProblem(400, "invalid_query", "q");
        }

        (await installation.Anyone.Get("/events?from=tomorrow&until=2030-02-30"))
            .IsProblem(400, "invalid_query", "from", "until");
        (await installation.Anyone.Get("/events?from=2030-02-01&until=2030-01-01"))
            .IsProblem(400, "invalid_query", "until");
    }

    [Flow]
    public async Task Everyone_sees_a_booking_within_a_second_and_the_organizer_at_once(Topology topology)
    {
        var installation = await installations.On(topology);
        var eventId = await installation.Organizer.Publish(5);
        var before = (await installation.Anyone.Get($"/events/{eventId}")).Is(200);
        (await installation.Anyone.Get($"/events/{eventId}", ("If-None-Match", before.Header("ETag")!))).Is(304);
        (await (await installation.Buyer()).Book(eventId, 2)).Is(201);
        var booked = Stopwatch.GetTimestamp();

        Assert.Equal(3, await installation.Organizer.Available(eventId));
        await Poll.Until(
            async () => await installation.Anyone.Available(eventId) == 3, TimeSpan.FromSeconds(10), "3 to be left");
        Assert.InRange(Stopwatch.GetElapsedTime(booked), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        (await installation.Anyone.Get($"/events/{eventId}", ("If-None-Match", before.Header("ETag")!))).Is(200);
    }

    [Flow]
    public async Task A_calendar_file_and_a_table_are_files(Topology topology)
    {
        var installation = await installations.On(topology);
        var eventId = await installation.Organizer.Publish(5);
        (await (await installation.Buyer()).Book(eventId, 2)).Is(201);

        var calendar = (await installation.Anyone.Get($"/events/{eventId}/calendar.ics")).Is(200);
        Assert.StartsWith("BEGIN:VCALENDAR\r\n", calendar.Text, StringComparison.Ordinal);
        Assert.Equal("text/calendar; charset=utf-8", calendar.Header("Content-Type"));
        (await installation.Anyone.Get(
            $"/events/{eventId}/calendar.ics", ("If-None-Match", calendar.Header("ETag")!))).Is(304);

        var table = (await installation.Organizer.Get($"/events/{eventId}/bookings.csv")).Is(200);
        Assert.Equal("text/csv; charset=utf-8", table.Header("Content-Type"));
        Assert.EndsWith("-bookings.csv", table.Header("Content-Disposition")!.Split(';')[1], StringComparison.Ordinal);
        Assert.Equal(3, table.Text.Split("\r\n").Length);
        Assert.Equal(2, (await installation.Organizer.Get($"/events/{eventId}/stats")).Is(200).Number("sold"));
        (await installation.Organizer.Get($"/events/{eventId}/bookings?status=lost&limit=0&page=1"))
            .IsProblem(400, "invalid_query", "limit", "page", "status");
    }
}
