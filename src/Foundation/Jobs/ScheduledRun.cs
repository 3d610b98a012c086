using System.Globalization;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// One run of a schedule, as Quartz calls it: bounded in time, never two at once in the cluster, and written down.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class ScheduledRun(
    ISchedule schedule, ScheduleRepository runs, TimeProvider time, ILogger log, CancellationToken stopping)
    : Quartz.IJob
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var startedAt = time.Now();
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(TimeMax, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken, timeout.Token);
        try
        {
            var note = await schedule.Run(any.Token);
            await Write(LastRun.Done, note, error: null);
        }
        catch (Exception) when (stopping.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            // It comes again, on this instance or on another.
        }
        catch (Exception exception)
        {
            LogFailed(exception, schedule.Name);
            await Write(LastRun.Failed, note: null, timeout.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"It took longer than {TimeMax.TotalMinutes} min.")
                : $"{exception.GetType().Name}: {exception.Message}");
        }

        async Task Write(string outcome, string? note, string? error)
        {
            var took = time.GetElapsedTime(started);
            JobMetrics.Scheduled(schedule.Name, outcome, took);
            try
            {
                await runs.Write(
                    new LastRun
                    {
                        Name = schedule.Name,
                        StartedAt = startedAt,
                        TookMs = (long)took.TotalMilliseconds,
                        Outcome = outcome,
                        Note = StoredText.Fit(note),
                        Error = StoredText.Fit(error),
                    },
                    CancellationToken.None);
            }
            catch (Exception exception)
            {
                LogNotWritten(exception, schedule.Name, outcome);
            }
        }
    }

    [LoggerMessage(7021, LogLevel.Warning, "Schedule {Schedule} failed; it comes again")]
    private partial void LogFailed(Exception exception, string schedule);

    [LoggerMessage(7022, LogLevel.Warning, "Schedule {Schedule} ended as {Outcome}, which could not be written")]
    private partial void LogNotWritten(Exception exception, string schedule, string outcome);
}

/// <summary>
/// A name that this version does not know: an instance of another one put it there, and runs it the next time.
/// </summary>
internal sealed class NothingToRun : Quartz.IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        ValueTask.CompletedTask;
}
