using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>The schedules of all modules served here, by name.</summary>
internal sealed class ScheduleService(ScheduleRunner runner, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task<ScheduleList> List(CancellationToken cancellation)
    {
        var views = new List<ScheduleView>();
        foreach (var module in runner.Modules)
        {
            views.AddRange(await Views(module, cancellation));
        }

        return new ScheduleList([.. views.OrderBy(view => view.Name, StringComparer.Ordinal)]);
    }

    public async Task<Result<ScheduleView>> RunNow(string name, CancellationToken cancellation)
    {
        foreach (var module in runner.Modules)
        {
            if (module.Schedules.FirstOrDefault(schedule => schedule.Name == name) is not { } schedule)
            {
                continue;
            }

            return await module.RunNow(schedule, cancellation)
                ? (await Views(module, cancellation)).First(view => view.Name == name)
                : new Problem(ProblemCodes.Unavailable, "Schedules are not running yet.") { RetryAfter = RetryAfter };
        }

        return Problem.NotFound("schedule");
    }

    private async Task<IEnumerable<ScheduleView>> Views(ModuleSchedules module, CancellationToken cancellation)
    {
        var now = time.Now();
        var last = (await module.LastRuns(cancellation)).ToDictionary(run => run.Name);
        return module.Schedules.Select(schedule =>
        {
            var comes = module.TimeOf(schedule);
            return new ScheduleView(
                schedule.Name,
                schedule.Module,
                comes.Cron,
                comes.Zone.Id,
                comes.IsOff,
                comes.Next(now),
                last.TryGetValue(schedule.Name, out var run)
                    ? new LastRunView(run.StartedAt, run.TookMs, run.Outcome, run.Note, run.Error)
                    : null);
        });
    }
}
