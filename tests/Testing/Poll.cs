using System.Diagnostics;

namespace Gatehouse.Testing;

/// <summary>Waits for what will become true, looking often; a test never sleeps for a fixed time.</summary>
public static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Fails the test with "Waited 5 s for …" when the condition does not hold in time.</summary>
    public static Task Until(
        Func<bool> condition, TimeSpan within, string what, CancellationToken cancellation = default) =>
        Until(() => Task.FromResult(condition()), within, what, cancellation);

    public static async Task Until(
        Func<Task<bool>> condition, TimeSpan within, string what, CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"Waited {within.TotalSeconds:0.#} s for {what}.");
            }

            await Task.Delay(Pause, cancellation);
        }
    }
}
