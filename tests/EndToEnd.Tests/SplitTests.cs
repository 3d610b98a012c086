using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What a deployment of several processes bears, as <c>./run --split</c> starts it.</summary>
[Collection(Alone.Name)]
[Trait("topology", "split")]
public sealed class SplitTests(Installations installations)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_instance_that_is_killed_leaves_the_rest_serving_and_comes_back()
    {
        var installation = await installations.On(Topology.Split);
        var split = installation.Split!;
        var eventId = await installation.Organizer.Publish(50);
        var buyer = await installation.Buyer();
        var killed = split.ProcessOf("ticketing-1");

        split.Kill("ticketing-1");

        // What needs no ticketing does not notice; the rest does for no longer than the lease of the one that is gone.
        (await buyer.Get("/entries")).Is(200);
        await Poll.Until(
            async () => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => buyer.Get($"/events/{eventId}"))))
                .All(answer => answer.Status == 200),
            Patience,
            "the other one to serve");
        await Poll.Until(() => split.ProcessOf("ticketing-1") != killed, Patience, "it to be started again");
        (await buyer.Book(eventId)).Is(201);
        Assert.Equal(1, (await installation.Ledger.Agrees(eventId)).Sold);
    }

    [Fact]
    public async Task All_processes_end_when_told_and_the_same_data_serves_again()
    {
        var installation = await installations.On(Topology.Split);
        var buyer = await installation.Buyer();
        var booking = (await buyer.Book(await installation.Organizer.Publish(5))).Is(201).Id;

        await installation.RestartSplit();

        buyer = buyer with { Http = installation.Anyone.Http };
        (await buyer.Get($"/bookings/{booking}")).Is(200);
        (await buyer.Post("/entries", """{"text":"Still there.","mood":8,"category":"Home"}""")).Is(201);
    }
}
