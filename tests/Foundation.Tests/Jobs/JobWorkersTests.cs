using System.Collections.Concurrent;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Jobs;

public sealed class JobWorkersTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [OnEveryDatabase]
    public async Task Job_is_done_once_by_one_of_two_instances(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var job = new TestJob("write", (run, cancellation) => Workshop.Effect(workshop.Database, run, cancellation));
        await workshop.Start(job);
        await workshop.Start(job);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => workshop.Enqueue("write", $"{i}", key: $"{i % 30}")));

        await workshop.Until("jobs WHERE state = 'done'", 30);
        Assert.Equal(30, await workshop.Count("effects"));
        Assert.Equal("did it", await workshop.Text("SELECT result FROM jobs LIMIT 1"));
        Assert.False(await workshop.Enqueue("write", key: "7"));
    }

    [OnEveryDatabase]
    public async Task Failed_attempt_is_repeated_after_its_delay_and_the_last_one_leaves_it_dead(
        DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var attempts = new ConcurrentQueue<(int Attempt, bool IsLast)>();
        await workshop.Start(new TestJob("fail", (run, _) =>
        {
            attempts.Enqueue((run.Attempt, run.IsLast));
            throw new InvalidOperationException("not \0 today");
        })
        {
            Policy = new JobPolicy { Delays = [Soon, Soon] },
        });

        await workshop.Enqueue("fail");

        await workshop.Until("jobs WHERE state = 'dead'");
        Assert.Equal([(1, false), (2, false), (3, true)], attempts);
        Assert.Equal("InvalidOperationException: not  today", await workshop.Text("SELECT error FROM jobs"));
    }

    [OnEveryDatabase]
    public async Task Postponed_attempt_does_not_count_and_a_hopeless_one_is_the_last(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var attempts = new ConcurrentQueue<int>();
        await workshop.Start(new TestJob("wait", (run, _) =>
        {
            attempts.Enqueue(run.Attempt);
            throw attempts.Count < 3
                ? new JobPostponedException(TimeProvider.System.Now() + Soon, "the host rests")
                : new JobFailedException("gone for good");
        }));

        await workshop.Enqueue("wait");

        await workshop.Until("jobs WHERE state = 'dead' AND error = 'gone for good' AND note = 'the host rests'");
        Assert.Equal([1, 1, 1], attempts);
    }

    [OnEveryDatabase]
    public async Task Job_of_a_worker_that_vanished_is_taken_over_and_its_effect_happens_once(
        DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var policy = new JobPolicy { Lease = TimeSpan.FromSeconds(1) };
        var frozen = new TaskCompletionSource<JobRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Claims by hand what a process claims that dies in the middle: nobody renews, nobody gives back.
        await workshop.Enqueue("write", "once");
        var dead = new JobRepository(workshop.Database, TimeProvider.System);
        var claimed = Assert.Single(
            await dead.Claim("write", "the dead", policy.Lease, 10, TestContext.Current.CancellationToken));

        await workshop.Start(new TestJob("write", (run, cancellation) =>
        {
            frozen.TrySetResult(run);
            return Workshop.Effect(workshop.Database, run, cancellation);
        })
        {
            Policy = policy,
        });

        await workshop.Until("jobs WHERE state = 'done'");
        Assert.Equal(2, (await frozen.Task).Attempt);
        var ghost = new LeasedRun(dead, "the dead", policy.Lease, TimeProvider.System)
        {
            Id = claimed.Id,
            Payload = claimed.Payload,
            Attempt = 1,
            IsLast = false,
        };
        await Assert.ThrowsAsync<LeaseLostException>(() =>
            Workshop.Effect(workshop.Database, ghost, CancellationToken.None));
        Assert.Equal(1, await workshop.Count("effects"));
    }

    [Fact]
    public async Task Instance_whose_clock_is_wrong_takes_no_job_from_another_and_keeps_none_for_longer()
    {
        await using var workshop = await Workshop.Open(DatabaseProvider.Postgres);
        var now = TimeProvider.System.GetUtcNow();
        var right = new JobRepository(workshop.Database, TimeProvider.System);
        var fast = new JobRepository(workshop.Database, new ManualTime(now.AddHours(1)));
        var slow = new JobRepository(workshop.Database, new ManualTime(now.AddHours(-1)));
        await using (var unit = await workshop.Database.Begin(CancellationToken.None))
        {
            await JobQueue.Enqueue(unit, new JobRequest("write", "at once"), now.AddHours(1));
            await unit.Commit();
        }

        var lease = TimeSpan.FromSeconds(1);
        var job = Assert.Single(await Claim(slow, lease));
        Assert.Empty(await Claim(fast, lease));
        await Poll.Until(
            async () => (await Claim(right, lease)).Count == 1, TimeSpan.FromSeconds(10), "the lease of the slow one");

        await right.GiveBack(job.Id, "somebody", null, null, CancellationToken.None);
        Assert.Single(await Claim(fast, lease));
        await Poll.Until(
            async () => (await Claim(right, lease)).Count == 1, TimeSpan.FromSeconds(10), "the lease of the fast one");

        static Task<IReadOnlyList<ClaimedJob>> Claim(JobRepository jobs, TimeSpan lease) =>
            jobs.Claim("write", "somebody", lease, 10, CancellationToken.None);
    }

    [OnEveryDatabase]
    public async Task Job_of_a_process_that_was_killed_is_done_by_another_once(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        await workshop.Enqueue("write", "once");
        using (var killed = JobProcess.Start(workshop.Options, holds: true))
        {
            await Poll.Until(
                () => JobProcess.IsHolding(workshop.Options), TimeSpan.FromSeconds(60), "it to be in the middle");
            killed.Send(Testing.Signal.Kill);
            Assert.True(killed.WaitForExit(TimeSpan.FromSeconds(10)));
        }

        using var other = JobProcess.Start(workshop.Options, holds: false);

        await workshop.Until("jobs WHERE state = 'done' AND attempts = 2", seconds: 60);
        Assert.Equal(1, await workshop.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task Long_job_keeps_its_lease(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var runs = 0;
        var job = new TestJob("long", async (run, cancellation) =>
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
            await run.Report(70, "most of it", cancellation);
        })
        {
            Policy = new JobPolicy { Lease = TimeSpan.FromSeconds(2) },
        };
        await workshop.Start(job);
        await workshop.Start(job);

        await workshop.Enqueue("long");

        await workshop.Until("jobs WHERE state = 'done' AND percent = 100 AND note = 'most of it'");
        Assert.Equal(1, runs);
    }

    [OnEveryDatabase]
    public async Task Attempt_past_its_time_fails_even_where_it_does_not_heed_cancellation(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        using var never = new SemaphoreSlim(0);
        await workshop.Start(new TestJob("stuck", (_, _) => never.WaitAsync(CancellationToken.None))
        {
            Policy = new JobPolicy { Timeout = TimeSpan.FromMilliseconds(200), Delays = [] },
        });

        await workshop.Enqueue("stuck");

        await workshop.Until("jobs WHERE state = 'dead' AND error LIKE '%longer than 0.2 s%'");
    }

    [OnEveryDatabase]
    public async Task Backlog_of_one_kind_keeps_no_other_waiting(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        using var gate = new SemaphoreSlim(0);
        var atOnce = 0;
        var tooMany = false;
        await workshop.Start(
            new TestJob("slow", async (_, cancellation) =>
            {
                tooMany |= Interlocked.Increment(ref atOnce) > 2;
                await gate.WaitAsync(cancellation);
                Interlocked.Decrement(ref atOnce);
            })
            {
                Policy = new JobPolicy { ConcurrencyMax = 2 },
            },
            new TestJob("quick", (_, _) => Task.CompletedTask));
        foreach (var i in Enumerable.Range(0, 50))
        {
            await workshop.Enqueue("slow", $"{i}");
        }

        await workshop.Enqueue("quick");

        await workshop.Until("jobs WHERE kind = 'quick' AND state = 'done'");
        await Poll.Until(
            () => Volatile.Read(ref atOnce) == 2, TimeSpan.FromSeconds(20), "two slow jobs at once");
        gate.Release(50);
        await workshop.Until("jobs WHERE kind = 'slow' AND state = 'done'", 50);
        Assert.False(tooMany);
    }

    [OnEveryDatabase]
    public async Task Shutdown_lets_a_job_finish_and_gives_back_what_does_not(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var started = new CountdownEvent(2);
        var finish = new TaskCompletionSource();
        IJob[] jobs =
        [
            new TestJob("finishes", async (run, cancellation) =>
            {
                started.Signal();
                await finish.Task;
                await Workshop.Effect(workshop.Database, run, cancellation);
            }),
            new TestJob("lingers", async (_, cancellation) =>
            {
                started.Signal();
                await Task.Delay(Timeout.Infinite, cancellation);
            }),
        ];
        var instance = await workshop.Start(shutdownSeconds: 1, jobs);
        await workshop.Enqueue("finishes");
        await workshop.Enqueue("lingers");
        await Poll.Until(() => started.IsSet, TimeSpan.FromSeconds(10), "both to run");

        var stopped = instance.Stop();
        await workshop.Enqueue("finishes", "too late");
        finish.SetResult();
        await stopped.WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, await workshop.Count("effects"));
        await workshop.Until("jobs WHERE kind = 'lingers' AND state = 'queued' AND attempts = 0 AND error IS NULL");
        await workshop.Until("jobs WHERE payload = 'too late' AND state = 'queued' AND attempts = 0");
    }

    [Fact]
    public async Task Workers_outlive_their_database_and_stop_without_it()
    {
        using var server = PostgresServer.StartDurable();
        await using var workshop = await Workshop.Open(server);
        var instance = await workshop.Start(new TestJob("quick", (_, _) => Task.CompletedTask));
        await workshop.Enqueue("quick");
        await workshop.Until("jobs WHERE state = 'done'");

        server.Kill();
        server.Start();
        await Poll.Until(() => CanEnqueue(workshop), TimeSpan.FromSeconds(20), "the database to answer");
        await workshop.Until("jobs WHERE state = 'done'", 2, seconds: 30);

        server.Kill();
        await instance.Stop().WaitAsync(TimeSpan.FromSeconds(20));
        server.Start();
    }

    [OnEveryDatabase]
    public async Task Job_waits_for_its_time(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        var ran = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        await workshop.Start(new TestJob("later", (_, _) =>
        {
            ran.TrySetResult(TimeProvider.System.GetUtcNow());
            return Task.CompletedTask;
        }));
        var due = TimeProvider.System.Now() + TimeSpan.FromMilliseconds(700);

        await workshop.Enqueue(new JobRequest("later", "") { RunAt = due });

        Assert.InRange(await ran.Task.WaitAsync(TimeSpan.FromSeconds(10)), due, due + TimeSpan.FromSeconds(5));
    }

    private static async Task<bool> CanEnqueue(Workshop workshop)
    {
        try
        {
            return await workshop.Enqueue("quick");
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            return false;
        }
    }
}
