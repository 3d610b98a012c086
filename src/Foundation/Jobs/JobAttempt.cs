using System.Security.Cryptography;
using Gatehouse.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

/// <summary>Runs one claimed job to an end of some kind, and writes down which.</summary>
internal sealed partial class JobAttempt(
    IJob job, ClaimedJob claimed, string owner, JobRepository jobs, TimeProvider time, ILogger log)
{
    // For work that does not heed its cancellation: past it the worker goes on without it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(500);
    private const int JitterPercentMax = 20;

    private readonly LeasedRun run = new(jobs, owner, job.Policy.Lease, time)
    {
        Id = claimed.Id,
        Key = claimed.Key,
        Payload = claimed.Payload,
        Attempt = claimed.Attempts,
        IsLast = claimed.Attempts > job.Policy.Delays.Count,
    };

    /// <summary>Never throws; when cancelled it gives the job back, for another worker.</summary>
    public async Task Run(CancellationToken stopping)
    {
        JobMetrics.Started(job.Kind);
        var started = time.GetTimestamp();
        using var ended = new CancellationTokenSource();
        using var lost = new CancellationTokenSource();
        var lease = KeepLease(lost, ended.Token);
        var verdict = await Work(lost.Token, stopping);
        await ended.CancelAsync();
        await lease;
        var outcome = await Settle(verdict, stopping) ? verdict.Outcome : "lost";
        JobMetrics.Ended(job.Kind, outcome, time.GetElapsedTime(started));
    }

    private async Task<Verdict> Work(CancellationToken lost, CancellationToken stopping)
    {
        if (claimed.Attempts > job.Policy.Delays.Count + 1)
        {
            return Dead("Its worker vanished during the last attempt.", nameof(OperationCanceledException));
        }

        using var timeout = new CancellationTokenSource(job.Policy.Timeout, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(lost, stopping, timeout.Token);
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = any.Token.Register(() => patience.CancelAfter(Grace));
        try
        {
            await Task.Run(() => job.Run(run, any.Token), CancellationToken.None).WaitAsync(patience.Token);
            return run.IsCompleted
                ? new Verdict("done", () => Task.FromResult(true))
                : new Verdict("done", () => jobs.Complete(run.Id, owner, CancellationToken.None));
        }
        catch (JobPostponedException postponed)
        {
            return GivenBack("postponed", postponed.Until, postponed.Message);
        }
        catch (JobFailedException failed)
        {
            return Dead(failed.Message, nameof(JobFailedException));
        }
        catch (Exception exception) when (exception is LeaseLostException || lost.IsCancellationRequested)
        {
            return new Verdict("lost", () => Task.FromResult(false));
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return GivenBack("released", dueAt: null, note: null);
        }
        catch (Exception exception)
        {
            return timeout.IsCancellationRequested
                ? Failed($"It took longer than {job.Policy.Timeout.TotalSeconds:0.#} s.", nameof(TimeoutException))
                : Failed($"{exception.GetType().Name}: {exception.Message}", exception.GetType().Name);
        }
    }

    private async Task KeepLease(CancellationTokenSource lost, CancellationToken ended)
    {
        try
        {
            await run.Keep(ended);
            await lost.CancelAsync();
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // The attempt is over, and with it a renewal that was under way.
        }
    }

    // What cannot be written while the lease lasts is not written: whoever takes the job over does it again.
    private async Task<bool> Settle(Verdict verdict, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var isOurs = await verdict.Write();
                if (!isOurs)
                {
                    LogLost(job.Kind, run.Id);
                }

                return isOurs;
            }
            catch (Exception exception)
            {
                var patience = stopping.IsCancellationRequested ? Grace : job.Policy.Lease;
                if (time.GetElapsedTime(started) > patience || !MayPass(exception))
                {
                    LogNotSettled(exception, job.Kind, run.Id, verdict.Outcome);
                    return false;
                }
            }

            await Task.Delay(SettlePause, time, CancellationToken.None);
        }
    }

    // The statements name the lease, so that one whose COMMIT was not answered may be repeated.
    private static bool MayPass(Exception exception) =>
        exception is OutcomeUnknownException || DatabaseFaults.IsUnavailable(exception);

    private Verdict Failed(string error, string type)
    {
        if (run.IsLast)
        {
            return Dead(error, type);
        }

        LogFailed(job.Kind, run.Id, run.Attempt, type);
        var delay = job.Policy.Delays[run.Attempt - 1];
        delay += delay * (RandomNumberGenerator.GetInt32(JitterPercentMax + 1) / 100.0);
        return new Verdict("failed", () => jobs.Delay(run.Id, owner, delay, error, CancellationToken.None));
    }

    private Verdict Dead(string error, string type)
    {
        LogDead(job.Kind, run.Id, run.Attempt, type);
        return new Verdict("dead", () => jobs.Bury(run.Id, owner, error, CancellationToken.None));
    }

    private Verdict GivenBack(string outcome, DateTimeOffset? dueAt, string? note) =>
        new(outcome, () => jobs.GiveBack(run.Id, owner, dueAt, note, CancellationToken.None));

    /// <summary>How it ended, and what writes that down; false when the job is another worker's by now.</summary>
    private sealed record Verdict(string Outcome, Func<Task<bool>> Write);

    [LoggerMessage(7001, LogLevel.Information, "Job {Kind} {JobId} failed in attempt {Attempt} ({Reason})")]
    private partial void LogFailed(string kind, Guid jobId, int attempt, string reason);

    [LoggerMessage(7002, LogLevel.Warning, "Job {Kind} {JobId} is dead after attempt {Attempt} ({Reason})")]
    private partial void LogDead(string kind, Guid jobId, int attempt, string reason);

    [LoggerMessage(7003, LogLevel.Warning, "Job {Kind} {JobId} is another worker's by now: this one does not count")]
    private partial void LogLost(string kind, Guid jobId);

    [LoggerMessage(7004, LogLevel.Warning, "Job {Kind} {JobId} ended as {Outcome}, which could not be written")]
    private partial void LogNotSettled(Exception exception, string kind, Guid jobId, string outcome);
}
