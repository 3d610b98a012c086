using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class MessagingServerTests
{
    [OnEveryDatabase]
    public async Task What_was_committed_reaches_who_asked_for_it_and_nobody_else(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        await using var running = await Serve(
            ledger,
            new Scribe("ledger.all"),
            new Scribe("ledger.counters") { Types = ["counter.*"] },
            new Scribe("ledger.exact") { Types = ["booking.held", "counter.changed"] },
            new Scribe("ledger.other") { Types = ["count.*", "counter", "changed"] });

        await ledger.Change("a");
        await ledger.AllSent();

        Assert.Equal(
            ["ledger.all", "ledger.counters", "ledger.exact"],
            await ledger.Query<string>("SELECT consumer FROM effects ORDER BY consumer"));
    }

    [OnEveryDatabase]
    public async Task Consumer_that_hangs_does_not_stop_the_end(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var reached = new TaskCompletionSource();
        await using var running = await Serve(ledger, new Scribe
        {
            First = (_, _) =>
            {
                reached.TrySetResult();
                return new TaskCompletionSource().Task;
            },
        });
        await ledger.Change("a");
        await reached.Task;

        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await running.Server.StopAsync(deadline.Token).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1, await ledger.Count("outbox WHERE sent_at IS NULL"));
    }

    [Fact]
    public async Task Two_consumers_of_one_name_are_refused()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Sqlite);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Serve(ledger, new Scribe(), new Scribe()));

        Assert.Contains("ledger.scribe", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<Running> Serve(Ledger ledger, params IReadOnlyList<IEventConsumer> consumers)
    {
        var inbox = new Inbox(ledger.Databases, TimeProvider.System, NullLogger<Inbox>.Instance);
        var bus = new InProcessBus(consumers, inbox, TimeProvider.System);
        var server = new MessagingServer(
            ledger.Databases, consumers, bus, [], new RuntimeOptions(), new MessagingOptions(), TimeProvider.System,
            NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new Running(server, bus);
    }

    private sealed record Running(MessagingServer Server, InProcessBus Bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Server.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            Server.Dispose();
            await Bus.DisposeAsync();
        }
    }
}
