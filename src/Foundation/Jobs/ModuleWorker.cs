using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// Claims what is due in one module's database and runs it. Each kind has places of its own, so that a long backlog of
/// one keeps no other waiting.
/// </summary>
internal sealed partial class ModuleWorker(
    Database database, IReadOnlyList<IJob> kinds, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(10);

    private readonly JobRepository jobs = new(database, time);
    private readonly List<(string Kind, Task Attempt)> running = [];
    private readonly CancellationTokenSource giveBack = new();

    private Signal Due => database.Signal(JobQueue.Topic);

    /// <summary>Claims until cancelled; what runs then goes on.</summary>
    public async Task Claim(CancellationToken cancellation)
    {
        Due.Hear();
        var backOff = Poll;
        while (!cancellation.IsCancellationRequested)
        {
            var next = Due.Next;
            try
            {
                var pause = await ClaimDue(cancellation);
                backOff = Poll;
                await Signal.Wait(next, pause, time, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                LogNotClaiming(exception.GetType().Name, database.Name, backOff.TotalSeconds);
                await Task.WhenAny(Task.Delay(backOff, time, cancellation));
                backOff = backOff * 2 < BackOffMax ? backOff * 2 : BackOffMax;
            }
            catch (Exception)
            {
                // Told to stop: nothing was claimed that is not noted.
                return;
            }
        }
    }

    /// <summary>Waits for what runs; at the deadline it stops that and gives back what did not finish.</summary>
    public async Task Drain(CancellationToken deadline)
    {
        await using var end = deadline.UnsafeRegister(
            static stop => ((CancellationTokenSource)stop!).Cancel(), giveBack);
        await Task.WhenAll(running.Select(run => run.Attempt));
    }

    public void Dispose() => giveBack.Dispose();

    /// <summary>Answers how long nothing more is expected.</summary>
    private async Task<TimeSpan> ClaimDue(CancellationToken cancellation)
    {
        running.RemoveAll(run => run.Attempt.IsCompleted);
        var (due, pause) = await Look(cancellation);
        foreach (var (job, free) in due)
        {
            var owner = $"{Environment.MachineName}:{Environment.ProcessId}:{Ids.New(time.Now()):N}";
            var claimed = await jobs.Claim(job.Kind, owner, job.Policy.Lease, free, cancellation);
            foreach (var one in claimed)
            {
                Start(job, one, owner);
            }

            // With none, another instance was faster; with all that fit, the end of one wakes us.
            if (claimed.Count > 0 && claimed.Count < free)
            {
                pause = TimeSpan.Zero;
            }
        }

        return pause;
    }

    // Most looks find nothing: they must not take the turn to write.
    private async Task<(List<(IJob Job, int Free)> Due, TimeSpan Pause)> Look(CancellationToken cancellation)
    {
        var due = new List<(IJob Job, int Free)>();
        var pause = Poll;
        await using var session = await database.Read(cancellation);
        foreach (var job in kinds)
        {
            var free = job.Policy.ConcurrencyMax - running.Count(run => run.Kind == job.Kind);
            if (free <= 0 || await JobRepository.NextDue(session, job.Kind, time.Now()) is not { } until)
            {
                continue;
            }

            if (until <= TimeSpan.Zero)
            {
                due.Add((job, free));
            }
            else if (until < pause)
            {
                pause = until;
            }
        }

        return (due, pause);
    }

    private void Start(IJob job, ClaimedJob claimed, string owner)
    {
        var attempt = new JobAttempt(job, claimed, owner, jobs, time, log);
        var run = Task.Run(() => attempt.Run(giveBack.Token), CancellationToken.None);
        running.Add((job.Kind, run));
        _ = run.ContinueWith(
            _ => Due.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [LoggerMessage(7005, LogLevel.Warning, "Jobs of {Module} cannot be claimed ({Reason}); again in {Seconds} s")]
    private partial void LogNotClaiming(string reason, string module, double seconds);
}
