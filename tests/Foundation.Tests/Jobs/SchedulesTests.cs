using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Jobs;

public sealed class SchedulesTests
{
    private const string EverySecond = "* * * * * ?";
    private const string Never = "0 0 0 1 1 ? 2099";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<(string Instance, DateTimeOffset At)> runs = new();

    [Fact]
    public async Task Firing_is_one_instances_and_the_other_goes_on_when_it_dies()
    {
        await using var workshop = await Workshop.Open(DatabaseProvider.Postgres);
        await using var first = await Start(workshop, "first", EverySecond);
        await using (var second = await Start(workshop, "second", EverySecond))
        {
            await Poll.Until(() => runs.Count >= 4, Patience, "4 runs");
            // Not stopped, dropped: what it had begun stays in the tables, and it checks in no more.
            second.Die();
        }

        Assert.Equal(runs.Count, runs.Select(run => run.At.ToUnixTimeSeconds()).Distinct().Count());
        var before = runs.Count;
        await Poll.Until(
            () => runs.Skip(before).Count(run => run.Instance == "first") >= 2, Patience, "2 more runs of the first");
    }

    [OnEveryDatabase]
    public async Task Run_now_runs_once_and_is_seen_by_all_instances(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        await using var one = await Start(workshop, "one", Never);
        await using var two = provider == DatabaseProvider.Postgres ? await Start(workshop, "two", Never) : null;
        var other = two ?? one;

        Assert.True(await one.RunNow());

        await Poll.Until(async () => (await other.Schedules.LastRuns(default)).Count == 1, Patience, "its facts");
        var last = Assert.Single(await other.Schedules.LastRuns(default));
        Assert.Equal(("journal.tick", "done", "ran"), (last.Name, last.Outcome, last.Note));
        Assert.Single(runs);
    }

    [OnEveryDatabase]
    public async Task Run_now_never_runs_twice_at_once(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        using var gate = new SemaphoreSlim(0);
        var atOnce = 0;
        var most = 0;
        async Task<string> Slow(CancellationToken cancellation)
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await gate.WaitAsync(cancellation);
            Interlocked.Decrement(ref atOnce);
            return "slow";
        }

        await using var one = await Start(workshop, "one", EverySecond, Slow);
        await using var two = provider == DatabaseProvider.Postgres
            ? await Start(workshop, "two", EverySecond, Slow)
            : null;
        var other = two ?? one;
        await Poll.Until(() => atOnce == 1, Patience, "it to run");

        Assert.True(await one.RunNow());
        Assert.True(await other.RunNow());
        gate.Release(3);
        await Poll.Until(() => gate.CurrentCount == 0, Patience, "3 runs");

        Assert.Equal(1, most);
    }

    [OnEveryDatabase]
    public async Task What_was_missed_while_nobody_was_there_runs_once_at_the_next_start(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        // Yesterday at this time: a day's firings were missed since.
        var yesterday = new ManualTime(TimeProvider.System.Now() - TimeSpan.FromDays(1));
        await using (var before = await Start(workshop, "before", "0 0 * * * ?", time: yesterday))
        {
            await new ScheduleRepository(workshop.Database).Write(
                new LastRun { Name = "journal.tick", StartedAt = yesterday.Now(), Outcome = LastRun.Done },
                CancellationToken.None);
        }

        await using var after = await Start(workshop, "after", "0 0 * * * ?");

        await Poll.Until(() => !runs.IsEmpty, Patience, "the run that was missed");
        Assert.True(await after.RunNow());
        await Poll.Until(() => runs.Count >= 2, Patience, "one more");
        Assert.Equal(2, runs.Count);
    }

    [Fact]
    public async Task Another_cron_in_a_later_version_replaces_the_stored_one()
    {
        await using var workshop = await Workshop.Open(DatabaseProvider.Postgres);
        await using (await Start(workshop, "old", Never))
        {
        }

        await using var now = await Start(workshop, "new", EverySecond);

        await Poll.Until(() => !runs.IsEmpty, Patience, "a run");
        var off = new SchedulesOptions { Off = ["journal.tick"] };
        await using (await Start(workshop, "off", EverySecond, options: off))
        {
            await workshop.Until("qrtz_triggers", 0);
        }
    }

    [Fact]
    public async Task Failure_is_written_down_and_it_comes_again()
    {
        await using var workshop = await Workshop.Open(DatabaseProvider.Sqlite);
        await using var one = await Start(workshop, "one", EverySecond, _ =>
            runs.Count < 2 ? throw new InvalidOperationException("no luck") : Task.FromResult("luck"));

        await workshop.Until("schedules WHERE outcome = 'failed' AND error = 'InvalidOperationException: no luck'");
        await workshop.Until("schedules WHERE outcome = 'done' AND note = 'luck'");
    }

    [OnEveryDatabase]
    public async Task Stop_waits_for_what_runs_and_not_past_the_deadline(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var cancelled = new TaskCompletionSource();
        await using var one = await Start(workshop, "one", EverySecond, async cancellation =>
        {
            await using var seen = cancellation.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            return "never";
        });
        await Poll.Until(() => runs.Count == 1, Patience, "it to run");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        var watch = Stopwatch.StartNew();
        await one.Schedules.Pause();
        await one.Schedules.Stop(deadline.Token);

        Assert.True(cancelled.Task.IsCompleted);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(4));
        Assert.Single(runs);
    }

    [Fact]
    public async Task Tables_have_all_that_quartz_asks_for()
    {
        await using var workshop = await Workshop.Open(DatabaseProvider.Postgres);
        await using var one = await Start(workshop, "one", Never, validate: true);
        Assert.True(await one.RunNow());
    }

    [Theory]
    // The hour from 2 to 3 is left out, and comes twice.
    [InlineData("2027-03-27T12:00Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z")]
    [InlineData("2027-10-30T12:00Z", "2027-10-31T00:30Z", "2027-11-01T01:30Z")]
    public void Daily_schedule_runs_once_on_the_days_the_clock_is_changed(string after, string next, string then)
    {
        var time = ScheduleTime.Parse("any = 0 30 2 * * ? @ Europe/Berlin");

        var first = time.Next(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), first);
        Assert.Equal(DateTimeOffset.Parse(then, CultureInfo.InvariantCulture), time.Next(first!.Value));
    }

    [Theory]
    [InlineData("no equals sign")]
    [InlineData("name=0 0 * * *")]
    [InlineData("name=61 * * * * ?")]
    [InlineData("name=0 0 * * * ? @ Europe/Atlantis")]
    public void Time_that_cannot_be_is_a_fault_of_the_settings(string cron) => Assert.Single(
        new SchedulesOptions { Cron = $"good=0 0 0 * * ?;{cron}" }.Validate(default));

    private async Task<Running> Start(
        Workshop workshop,
        string name,
        string cron,
        Func<CancellationToken, Task<string>>? work = null,
        SchedulesOptions? options = null,
        TimeProvider? time = null,
        bool validate = false)
    {
        var tick = new Tick(cron, cancellation =>
        {
            runs.Enqueue((name, TimeProvider.System.GetUtcNow()));
            return work?.Invoke(cancellation) ?? Task.FromResult("ran");
        });
        var database = DataRegistration.Open(Workshop.Module, workshop.Options);
        var running = new Running(database, tick, new ModuleSchedules(
            database,
            [tick],
            options ?? new SchedulesOptions(),
            time ?? TimeProvider.System,
            NullLoggerFactory.Instance)
        {
            CheckIn = TimeSpan.FromSeconds(1),
            ValidateTables = validate,
        });
        await running.Schedules.Start(CancellationToken.None);
        return running;
    }

    private sealed class Tick(string cron, Func<CancellationToken, Task<string>> work) : ISchedule
    {
        public string Name => "journal.tick";

        public string Module => Workshop.Module;

        public string Cron => cron;

        public Task<string> Run(CancellationToken cancellation) => work(cancellation);
    }

    private sealed class Running(Database database, Tick tick, ModuleSchedules schedules) : IAsyncDisposable
    {
        public ModuleSchedules Schedules => schedules;

        public Task<bool> RunNow() => schedules.RunNow(tick, CancellationToken.None);

        /// <summary>Its connections are gone, as when the process is killed.</summary>
        public void Die() => _ = database.DisposeAsync().AsTask();

        public async ValueTask DisposeAsync()
        {
            await schedules.Stop(new CancellationToken(canceled: true));
            await schedules.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
