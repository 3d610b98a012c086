using Gatehouse.Foundation.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Simmy;

namespace Gatehouse.Foundation.Tests.Resilience;

public sealed class DependencyTests
{
    private static readonly DependencyPolicy Once = new() { AttemptsMax = 1 };
    private static readonly DependencyPolicy Repeatable = new() { IsRepeatable = true, RetryDelay = TimeSpan.Zero };

    private readonly ManualTime time = new();
    private readonly Dependencies dependencies;
    private int attempts;

    public DependencyTests() => dependencies = Make(new ResilienceOptions());

    [Fact]
    public async Task Breaker_opens_at_the_fifth_failure_in_a_row_and_says_until_when()
    {
        var dependency = dependencies.Get("broker", Once);
        await Fail(dependency, 4);
        await Succeed(dependency);
        await Fail(dependency, 4);
        Assert.False(dependency.IsOpen);
        await Fail(dependency, 1);

        var refusal = await Assert.ThrowsAsync<DependencyOpenException>(() => Succeed(dependency));

        Assert.Equal(10, attempts);
        Assert.Equal(time.GetUtcNow().AddSeconds(30), refusal.Until);
        Assert.Equal(TimeSpan.FromSeconds(30), refusal.RetryAfter);
        Assert.Equal("broker", refusal.Dependency);
    }

    [Fact]
    public async Task Of_fifty_at_once_one_probes_and_its_success_closes_the_breaker()
    {
        var dependency = dependencies.Get("broker", Once);
        await Fail(dependency, 5);
        time.Advance(TimeSpan.FromSeconds(30));
        attempts = 0;
        var answer = new TaskCompletionSource<int>();

        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => Call(dependency, answer.Task))).ToList();
        await Poll.Until(
            () => calls.Count(call => call.IsFaulted) == 49, TimeSpan.FromSeconds(10), "49 of 50 to be refused");
        answer.SetResult(1);

        Assert.Equal(1, await calls.Single(call => !call.IsFaulted));
        Assert.Equal(1, attempts);
        Assert.False(dependency.IsOpen);
    }

    [Fact]
    public async Task A_probe_that_fails_opens_the_breaker_for_as_long_again()
    {
        var dependency = dependencies.Get("broker", Once);
        await Fail(dependency, 5);
        time.Advance(TimeSpan.FromSeconds(30));
        await Fail(dependency, 1);

        time.Advance(TimeSpan.FromSeconds(29));
        await Assert.ThrowsAsync<DependencyOpenException>(() => Succeed(dependency));
        time.Advance(TimeSpan.FromSeconds(1));
        await Succeed(dependency);
        Assert.False(dependency.IsOpen);
    }

    [Fact]
    public async Task A_probe_whose_caller_gave_up_leaves_the_way_to_another()
    {
        var dependency = dependencies.Get("broker", Once);
        await Fail(dependency, 5);
        time.Advance(TimeSpan.FromSeconds(30));
        using var gone = new CancellationTokenSource();
        var probe = dependency.Run(
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            },
            gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        await Succeed(dependency);
        Assert.False(dependency.IsOpen);
    }

    [Fact]
    public async Task What_was_begun_before_the_breaker_opened_does_not_close_it()
    {
        var dependency = dependencies.Get("broker", Once);
        var answer = new TaskCompletionSource<int>();
        var slow = Call(dependency, answer.Task);
        await Fail(dependency, 5);
        answer.SetResult(1);
        await slow;
        Assert.True(dependency.IsOpen);
    }

    [Fact]
    public async Task Forced_open_refuses_what_is_well_and_forced_closed_sends_what_fails_until_it_is_set_back()
    {
        var dependency = dependencies.Get("broker", Once);
        dependency.Force(BreakerForce.Open);
        await Assert.ThrowsAsync<DependencyOpenException>(() => Succeed(dependency));
        time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<DependencyOpenException>(() => Succeed(dependency));

        dependency.Force(BreakerForce.Closed);
        await Fail(dependency, 20);
        Assert.Equal(20, attempts);

        dependency.Force(BreakerForce.None);
        await Fail(dependency, 5);
        await Assert.ThrowsAsync<DependencyOpenException>(() => Succeed(dependency));
    }

    [Fact]
    public async Task What_may_have_been_done_is_not_done_again()
    {
        var dependency = dependencies.Get("smtp", new DependencyPolicy { RetryDelay = TimeSpan.Zero });
        await Fail(dependency, 1);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task What_never_got_a_connection_is_tried_again_even_where_it_may_be_done_once_only()
    {
        var dependency = dependencies.Get("smtp", new DependencyPolicy { RetryDelay = TimeSpan.Zero });
        await Assert.ThrowsAsync<HttpRequestException>(() => Call(
            dependency, Task.FromException<int>(new HttpRequestException(HttpRequestError.ConnectionError))));
        Assert.Equal(4, attempts);
    }

    [Fact]
    public async Task What_cannot_pass_is_not_tried_again()
    {
        var dependency = dependencies.Get("smtp", Repeatable);
        await Assert.ThrowsAsync<FormatException>(() => Call(
            dependency, Task.FromException<int>(new FormatException("wrong"))));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Retries_wait_a_random_part_of_100_200_and_400_ms()
    {
        var dependency = dependencies.Get("smtp", new DependencyPolicy { IsRepeatable = true });
        var begun = new List<DateTimeOffset>();
        var call = Assert.ThrowsAsync<IOException>(() => dependency.Run<int>(
            _ =>
            {
                begun.Add(time.GetUtcNow());
                throw new IOException("gone");
            },
            CancellationToken.None).AsTask());
        await Poll.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                return call.IsCompleted;
            },
            TimeSpan.FromSeconds(20),
            "the last attempt");

        await call;
        Assert.Equal(4, begun.Count);
        // The clock may move on a few steps before an attempt that is due has begun.
        Assert.All(begun.Zip(begun.Skip(1), [200, 300, 500]), wait =>
            Assert.InRange((wait.Second - wait.First).TotalMilliseconds, 0, wait.Third));
    }

    [Fact]
    public async Task Under_a_full_outage_retries_add_a_tenth_to_the_load_and_the_reserve()
    {
        // Without the breaker, which would stop nearly all of it.
        var dependency = dependencies.Get("redis", Repeatable with { FailuresToOpen = int.MaxValue });
        var chaos = new ResiliencePipelineBuilder().AddChaosFault(1.0, () => new IOException("chaos")).Build();
        for (var i = 0; i < 1000; i++)
        {
            await Assert.ThrowsAsync<IOException>(async () => await dependency.Run(
                async token =>
                {
                    attempts++;
                    return await chaos.ExecuteAsync(static _ => ValueTask.FromResult(1), token);
                },
                CancellationToken.None));
        }

        Assert.InRange(attempts, 1090, 1110);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cut_short_and_counts_as_a_failure()
    {
        var dependency = dependencies.Get("redis", Once with { AttemptTimeout = TimeSpan.FromMilliseconds(50) });
        var call = dependency.Run(
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            },
            CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<DependencyTimeoutException>(() => call);
        Assert.Equal(1, dependency.State.Failures);
    }

    [Fact]
    public async Task A_full_bulkhead_refuses_at_once_and_a_queue_waits_for_a_place()
    {
        var dependency = dependencies.Get("smtp", Once with { ConcurrencyMax = 2, QueueMax = 1 });
        var answer = new TaskCompletionSource<int>();
        var inside = Enumerable.Range(0, 3).Select(_ => Call(dependency, answer.Task)).ToList();

        var refused = Call(dependency, answer.Task);
        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<DependencyBusyException>(() => refused);
        Assert.Equal(2, attempts);

        answer.SetResult(7);
        Assert.All(await Task.WhenAll(inside), seven => Assert.Equal(7, seven));
        Assert.Equal(0, dependency.State.Failures);
        Assert.Equal(0, dependency.State.InFlight);
    }

    [Fact]
    public async Task Of_very_many_hosts_the_longest_unused_are_forgotten_and_open_breakers_kept()
    {
        var many = Make(new ResilienceOptions { HostsMax = 100 });
        many.Get("redis");
        await Fail(many.Get("webhook:dead.example:443", Once with { IsOneOfMany = true }), 5);
        for (var i = 0; i < 1000; i++)
        {
            time.Advance(TimeSpan.FromSeconds(0.01));
            many.Get($"webhook:host{i}.example:443", Once with { IsOneOfMany = true });
        }

        Assert.InRange(many.States.Count, 50, 102);
        Assert.NotNull(many.Find("redis"));
        Assert.NotNull(many.Find("webhook:host999.example:443"));
        Assert.Null(many.Find("webhook:host0.example:443"));
        Assert.True(many.Get("webhook:dead.example:443").IsOpen);
    }

    private Dependencies Make(ResilienceOptions options) =>
        new(options, time, NullLogger<Dependencies>.Instance);

    private Task<int> Call(Dependency dependency, Task<int> answer) => dependency.Run(
        async _ =>
        {
            Interlocked.Increment(ref attempts);
            return await answer;
        },
        CancellationToken.None).AsTask();

    private Task<int> Succeed(Dependency dependency) => Call(dependency, Task.FromResult(1));

    private Task<int> Fails(Dependency dependency) =>
        Call(dependency, Task.FromException<int>(new IOException("gone")));

    private async Task Fail(Dependency dependency, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => Fails(dependency));
        }
    }
}
