using System.Globalization;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What consumers gave up on, over HTTP and by command.</summary>
public sealed class DeadLetterTests(Installations installations)
{
    [Flow]
    public async Task Letter_is_listed_shown_replayed_and_discarded(Topology topology)
    {
        var installation = await installations.On(topology);
        var (admin, notifications) = (installation.Admin, installation.Of("notifications"));
        var (type, first, second) = ($"test.{Guid.NewGuid():N}", await Bury(installation), await Bury(installation));

        var list = (await admin.Get($"{notifications}/admin/dead-letters?type=user.registered&cursor=")).Is(200).Json;
        var listed = list.GetProperty("items").EnumerateArray().Single(letter => Is(letter, first));
        Assert.Equal("notifications.read-model", listed.GetProperty("consumer").GetString());
        Assert.False(listed.TryGetProperty("payload", out _));
        Assert.Empty((await admin.Get($"{notifications}/admin/dead-letters?type={type}")).Is(200).Json
            .GetProperty("items").EnumerateArray());

        var shown = (await admin.Get($"{notifications}/admin/dead-letters/{first}")).Is(200);
        Assert.Equal(("not JSON", "unreadable"), (shown["payload"], shown["error"]));
        (await admin.Post($"{notifications}/admin/dead-letters/{first}/replay", "")).Is(204);
        (await admin.Post($"{notifications}/admin/dead-letters/{first}/replay", "")).IsProblem(404, "not_found");
        (await admin.Delete($"{notifications}/admin/dead-letters/{second}")).Is(204);
        (await admin.Delete($"{notifications}/admin/dead-letters/{second}")).IsProblem(404, "not_found");

        // It is still not JSON: the consumer has tried, and will try again.
        await Poll.Until(
            async () => await installation.Ledger.Rows(
                "notifications", "inbox WHERE state = 'waiting' AND attempts > 0 AND payload = 'not JSON'") > 0,
            TimeSpan.FromSeconds(10),
            "the consumer to try again");
    }

    [InEveryTopology]
    public async Task Only_an_administrator_is_served_and_bad_input_is_told(Topology topology)
    {
        var installation = await installations.On(topology);
        var (admin, id) = (installation.Admin, Guid.NewGuid());
        foreach (var stranger in new[] { installation.Organizer, await installation.Buyer() })
        {
            (await stranger.Get("/admin/dead-letters")).IsProblem(403, "forbidden");
            (await stranger.Get($"/admin/dead-letters/{id}")).IsProblem(403, "forbidden");
            (await stranger.Post($"/admin/dead-letters/{id}/replay", "")).IsProblem(403, "forbidden");
            (await stranger.Post("/admin/dead-letters/replay", "")).IsProblem(403, "forbidden");
            (await stranger.Delete($"/admin/dead-letters/{id}")).IsProblem(403, "forbidden");
        }

        foreach (var unknown in new[] { $"{id}", "no-id", $"{id:N}" })
        {
            (await admin.Get($"/admin/dead-letters/{unknown}")).IsProblem(404, "not_found");
            (await admin.Post($"/admin/dead-letters/{unknown}/replay", "")).IsProblem(404, "not_found");
            (await admin.Delete($"/admin/dead-letters/{unknown}")).IsProblem(404, "not_found");
        }

        (await admin.Get("/admin/dead-letters?type=%00&consumer=")).IsProblem(400, "invalid_query", "consumer", "type");
        (await admin.Post("/admin/dead-letters/replay?type=%00", "")).IsProblem(400, "invalid_query", "type");
        (await admin.Get("/admin/dead-letters?cursor=x")).IsProblem(400, "invalid_query", "cursor");
    }

    [InEveryTopology]
    public async Task Commands_do_what_the_addresses_do(Topology topology)
    {
        var installation = await installations.On(topology);
        var (first, second) = (await Bury(installation), await Bury(installation));

        var list = await installation.Run("dead-letters", "list", "--consumer", "notifications.read-model");
        Assert.True(list.ExitCode == 0, list.Errors);
        Assert.Contains(list.Output.Split('\n'), line => line.StartsWith($"{first} ", StringComparison.Ordinal));
        var show = await installation.Run("dead-letters", "show", $"{first}");
        Assert.Contains("payload    not JSON", show.Output, StringComparison.Ordinal);
        Assert.Equal((0, "1 replayed"), Said(await installation.Run("dead-letters", "replay", $"{first}")));
        Assert.Equal(1, (await installation.Run("dead-letters", "replay", $"{first}")).ExitCode);
        Assert.Equal(2, (await installation.Run("dead-letters", "replay")).ExitCode);
        Assert.Equal(2, (await installation.Run("dead-letters", "show", "no-id")).ExitCode);
        Assert.Equal((0, "1 discarded"), Said(await installation.Run("dead-letters", "discard", $"{second}")));
        Assert.Equal(
            (0, "0 replayed"), Said(await installation.Run("dead-letters", "replay", "--all", "--type", "no.such")));
    }

    private static (int ExitCode, string Output) Said(CommandOutcome outcome) => (outcome.ExitCode, outcome.Output);

    private static bool Is(JsonElement letter, Guid id) => letter.GetProperty("id").GetGuid() == id;

    private static async Task<Guid> Bury(Installation installation)
    {
        var now = TimeProvider.System.Now();
        var (id, at) = (Ids.New(now), now.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        await installation.Ledger.Execute(
            "notifications",
            $"""
             INSERT INTO inbox (
                 consumer, event_id, state, attempts, received_at, handled_at, dead_letter_id,
                 type, aggregate_id, occurred_at, payload, error)
             VALUES (
                 'notifications.read-model', '{Ids.New(now)}', 'dead', 6, '{at}', '{at}', '{id}',
                 'user.registered', 'somebody', '{at}', 'not JSON', 'unreadable')
             """);
        return id;
    }
}
