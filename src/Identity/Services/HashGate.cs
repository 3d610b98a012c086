using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Where passwords wait to be hashed: a thread a core, a short queue, and a refusal past it. A hash takes a core for
/// a quarter of a second; without a bound a burst of logins would starve every other request. The threads are its own
/// because two blocked workers of the thread pool are all it starts with on two cores; and on Linux they give way to
/// every other thread that has something to do, since a login can wait and a core that hashes does not let go.
/// </summary>
internal sealed partial class HashGate : IDisposable
{
    /// <summary>
    /// A quarter of a core where others want it too, all of it where none does: sign-in slows and does not stop.
    /// </summary>
    private const int Niceness = 5;

    private const int ProcessOrThread = 0;
    private const uint ThisThread = 0;

    private const int RetrySecondsMin = 2;
    private const int RetrySecondsMax = 6;
    private readonly BlockingCollection<Job> jobs = [];
    private readonly int inside;
    private int pending;

    public HashGate(int workers, int queue)
    {
        inside = workers + queue;
        for (var i = 0; i < workers; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"password-hash-{i}" }.Start();
        }
    }

    /// <summary>What is said to whoever comes now; null where there is a place.</summary>
    public Problem? Refusal => Volatile.Read(ref pending) >= inside ? Busy() : null;

    /// <summary>
    /// The work's answer, or <c>busy</c>. Cancelled while it waits, it gives its place free; once begun it ends.
    /// </summary>
    public async Task<Result<T>> Run<T>(Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Interlocked.Increment(ref pending) > inside)
        {
            Interlocked.Decrement(ref pending);
            return Busy();
        }

        var job = new Job<T>(work, () => Interlocked.Decrement(ref pending));
        await using var registration = cancellation.UnsafeRegister(
            static (state, token) => ((Job<T>)state!).Cancel(token), job);
        jobs.Add(job, CancellationToken.None);
        return await job.Answer;
    }

    public void Dispose() => jobs.CompleteAdding();

    // Each another time: those who were refused together would come back together.
    private static Problem Busy() => Problem.Busy(
        "Too many passwords are being checked. Try again in a moment.",
        TimeSpan.FromSeconds(Random.Shared.Next(RetrySecondsMin, RetrySecondsMax + 1)));

    private void Work()
    {
        // .NET's own priorities do nothing on Linux. Refused, it works as before.
        if (OperatingSystem.IsLinux())
        {
            _ = Yield(ProcessOrThread, ThisThread, Niceness);
        }

        foreach (var job in jobs.GetConsumingEnumerable())
        {
            job.Run();
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Yield(int which, uint who, int priority);

    private abstract class Job
    {
        public abstract void Run();
    }

    private sealed class Job<T>(Func<T> work, Action leave) : Job
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int taken;

        public Task<T> Answer => answer.Task;

        public override void Run()
        {
            if (Interlocked.Exchange(ref taken, 1) != 0)
            {
                return;
            }

            try
            {
                var value = work();
                leave();
                answer.SetResult(value);
            }
            catch (Exception exception)
            {
                leave();
                answer.SetException(exception);
            }
        }

        public void Cancel(CancellationToken cancellation)
        {
            if (Interlocked.Exchange(ref taken, 1) == 0)
            {
                leave();
                answer.SetCanceled(cancellation);
            }
        }
    }
}
