using Gatehouse.Foundation.Messaging;

namespace Gatehouse.Foundation.Tests.Messaging;

/// <summary>Takes events one by one, and now and then breaks in the middle.</summary>
internal sealed class UnreliableBus : IEventBus
{
    private readonly List<ReceivedEvent> delivered = [];

    public int FailureOneIn { get; set; } = 8;

    public int Failures { get; private set; }

    public IReadOnlyList<ReceivedEvent> Delivered()
    {
        lock (delivered)
        {
            return [.. delivered];
        }
    }

    public async Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        var lastOne = Random.Shared.Next(FailureOneIn) == 0 ? Random.Shared.Next(events.Count) : events.Count;
        for (var i = 0; i < events.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i == lastOne)
            {
                Failures++;
                throw new IOException("The line is broken.");
            }

            lock (delivered)
            {
                delivered.Add(events[i]);
            }

            await Task.Yield();
        }
    }
}

/// <summary>Holds what it is given until it is told to let go.</summary>
internal sealed class HeldBus : IEventBus
{
    private readonly TaskCompletionSource reached = new();
    private readonly TaskCompletionSource released = new();

    public Task Reached => reached.Task;

    public void LetGo() => released.SetResult();

    public Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        reached.TrySetResult();
        return released.Task.WaitAsync(cancellation);
    }
}

/// <summary>Publishes, and its process is gone before it hears of it.</summary>
internal sealed class CrashingBus(IEventBus inner) : IEventBus
{
    private readonly TaskCompletionSource published = new();

    public Task Published => published.Task;

    public async Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        await inner.Publish(events, cancellation);
        published.TrySetResult();
        await new TaskCompletionSource().Task.WaitAsync(cancellation);
    }
}

/// <summary>Delivers everything one to three times, shuffled, in parts and at once, as the worst broker may.</summary>
internal sealed class ShufflingBus(Inbox inbox, IReadOnlyList<IEventConsumer> consumers) : IEventBus
{
    public async Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        var copies = events
            .SelectMany(e => Enumerable.Repeat(e, Random.Shared.Next(1, 4)))
            .OrderBy(_ => Random.Shared.Next())
            .Chunk(Random.Shared.Next(1, 50));
        await Task.WhenAll(copies.SelectMany(part =>
            consumers.Select(consumer => inbox.Receive(consumer, part, cancellation))));
    }
}
