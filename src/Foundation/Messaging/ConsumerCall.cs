using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Messaging;

/// <summary>Calls a consumer, and waits for it no longer than what came together may take.</summary>
internal static class ConsumerCall
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    // Whoever heeds its token ends by itself; past this one is left behind, with a transaction that is no more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task Run(
        IEventConsumer consumer,
        UnitOfWork unit,
        IReadOnlyList<ReceivedEvent> received,
        TimeProvider time,
        CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(TimeMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await (received.Count == 1
                ? consumer.Consume(unit, received[0], either.Token)
                : consumer.ConsumeTogether(unit, received, either.Token))
                .WaitAsync(TimeMax + Grace, time, CancellationToken.None);
        }
        catch (OperationCanceledException inner) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"It took longer than {TimeMax.TotalSeconds} s.", inner);
        }
    }
}
