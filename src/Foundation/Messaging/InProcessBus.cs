using System.Threading.Channels;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Brings events to the consumers of this process, one worker each. Its queues are short: a slow consumer makes relays
/// wait, never a request.
/// </summary>
internal sealed class InProcessBus : IEventBus, IAsyncDisposable
{
    private const int WaitingMax = 16;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly List<Lane> lanes;
    private readonly Task workers;
    private readonly TimeProvider time;

    public InProcessBus(IEnumerable<IEventConsumer> consumers, Inbox inbox, TimeProvider time)
    {
        this.time = time;
        lanes = [.. consumers.Select(consumer => new Lane(consumer, Channel.CreateBounded<Delivery>(WaitingMax)))];
        workers = Task.WhenAll(lanes.Select(lane => Task.Run(() => Work(lane, inbox))));
    }

    public Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation) =>
        Task.WhenAll(lanes.Select(lane => Deliver(lane, events, cancellation)));

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes)
        {
            lane.Waiting.Writer.TryComplete();
        }

        // Their publishers have gone, so that only a consumer which hangs is still at work.
        await Task.WhenAny(workers, Task.Delay(Grace, time));
    }

    private static async Task Deliver(Lane lane, IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        var wanted = events.Where(e => lane.Consumer.Wants(e.Type)).ToList();
        if (wanted.Count > 0)
        {
            var delivery = new Delivery(wanted, cancellation);
            await lane.Waiting.Writer.WriteAsync(delivery, cancellation);
            await delivery.Received.Task.WaitAsync(cancellation);
        }
    }

    private static async Task Work(Lane lane, Inbox inbox)
    {
        await foreach (var delivery in lane.Waiting.Reader.ReadAllAsync())
        {
            try
            {
                delivery.Cancellation.ThrowIfCancellationRequested();
                await inbox.Receive(lane.Consumer, delivery.Events, delivery.Cancellation);
                delivery.Received.SetResult();
            }
            catch (Exception failure)
            {
                delivery.Received.SetException(failure);
            }
        }
    }

    private sealed record Lane(IEventConsumer Consumer, Channel<Delivery> Waiting);

    private sealed record Delivery(IReadOnlyList<ReceivedEvent> Events, CancellationToken Cancellation)
    {
        public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
