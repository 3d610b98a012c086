using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Gateway.Tests.Destinations;

/// <summary>Who takes requests, on a clock that the test moves.</summary>
public sealed class MembersTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly Memberships memberships;
    private readonly Dictionary<string, string?> faults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> asked = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource never = new();

    public MembersTests() => memberships = new Memberships(
        Ask, time, new DestinationEvents(NullLogger<DestinationEvents>.Instance));

    public void Dispose() => memberships.Dispose();

    [Fact]
    public void Failures_in_a_row_eject_for_longer_each_time()
    {
        var members = Take(Three() with
        {
            PassiveHealth = new() { Failures = 3, Ejection = TimeSpan.FromSeconds(10) },
        });
        Meet(members, "a", TryOutcome.NoAnswer, TryOutcome.ServerError, TryOutcome.Answered, TryOutcome.NoAnswer);
        Assert.Equal(["a", "b", "c"], Takers(members));

        Meet(members, "a", TryOutcome.NoAnswer, TryOutcome.Unavailable);
        Assert.Equal(["b", "c"], Takers(members));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["a", "b", "c"], Takers(members));

        // On probation: one is enough, and it is out twice as long.
        Meet(members, "a", TryOutcome.NoAnswer);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["b", "c"], Takers(members));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a", "b", "c"], Takers(members));
        Meet(members, "a", TryOutcome.Answered, TryOutcome.NoAnswer);
        Assert.Equal(["a", "b", "c"], Takers(members));
    }

    [Fact]
    public void No_more_are_ejected_than_may_be_out_for_whatever_reason()
    {
        var cluster = Three() with { PassiveHealth = new() { Failures = 1, EjectedPercentMax = 34 } };
        var members = Take(cluster);
        Meet(members, "a", TryOutcome.NoAnswer);
        Meet(members, "b", TryOutcome.NoAnswer);
        Assert.Equal(["b", "c"], Takers(members));

        members.Members.TryMark("a", AdminMark.None);
        members.Members.TryMark("c", AdminMark.Isolated);
        Meet(members, "a", TryOutcome.NoAnswer);
        Assert.Equal(["a", "b"], Takers(members));
    }

    [Fact]
    public void A_breaker_opens_lets_its_trials_through_and_closes_when_all_went_well()
    {
        var members = Take(Three() with
        {
            Breaker = new() { Failures = 2, Open = TimeSpan.FromSeconds(5), Trials = 2 },
        });
        Meet(members, "a", TryOutcome.NoAnswer, TryOutcome.ServerError, TryOutcome.NoAnswer, TryOutcome.Unavailable);
        Assert.Equal(["b", "c"], Takers(members));
        time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal(["a", "b", "c"], Takers(members));

        var first = Enter(members, "a");
        var second = Enter(members, "a");
        Assert.Equal(["b", "c"], Takers(members));
        Assert.Equal(Admission.BreakerOpen, first.Target.State.TryEnter(first.Target, out _));
        members.Report(first, TryOutcome.Answered);
        members.Report(second, TryOutcome.SaysNothing);
        Assert.Equal(["a", "b", "c"], Takers(members));
        Meet(members, "a", TryOutcome.Answered);

        Assert.Equal(BreakerPhase.Closed, first.Target.State.Breaker!.Phase);
        Meet(members, "a", TryOutcome.NoAnswer, TryOutcome.NoAnswer);
        Assert.Equal(["b", "c"], Takers(members));
        members.Members.TryMark("a", AdminMark.None);
        Assert.Equal(["a", "b", "c"], Takers(members));
    }

    [Fact]
    public void When_only_breakers_are_in_the_way_it_is_said()
    {
        var members = Take(Three() with { Breaker = new() { Failures = 1 } });
        foreach (var id in (string[])["a", "b", "c"])
        {
            Meet(members, id, TryOutcome.NoAnswer);
        }

        Assert.True(members.Eligible is { Targets: [], IsBreakerOpen: true });
    }

    [Fact]
    public async Task A_new_one_waits_for_its_first_probe_while_others_are_known_to_be_up()
    {
        var cluster = Three() with { ActiveHealth = new() { Up = 2, Down = 2, Interval = TimeSpan.FromSeconds(1) } };
        (faults["b"], faults["c"]) = ("503", "hangs");
        var members = Take(cluster);

        await Until(() => Takers(members) is ["a"]);
        Assert.Equal(["up", "down", "unknown"], Words(members));
        faults["b"] = null;
        await Until(() => Takers(members) is ["a", "b"], tick: TimeSpan.FromSeconds(0.5));

        // The one that hangs is down when its time is over, and has delayed nobody.
        await Until(() => Words(members) is ["up", "up", "down"], tick: TimeSpan.FromSeconds(0.5));
        Assert.Equal("timeout", members.Members.Describe()[2].LastProbe!.Fault);
        faults["a"] = faults["b"] = "500";
        await Until(() => Takers(members) is [], tick: TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Probes_end_with_the_generation_that_wants_them()
    {
        var cluster = Three() with { ActiveHealth = new() { Interval = TimeSpan.FromSeconds(1) } };
        faults["a"] = "503";
        var members = Take(cluster);
        await Until(() => Takers(members) is ["b", "c"]);
        await Until(() => asked.GetValueOrDefault("b") == 3, tick: TimeSpan.FromSeconds(0.3));

        var next = Take(cluster with { ActiveHealth = null });

        Assert.Equal(["a", "b", "c"], Takers(next));
        lock (asked)
        {
            asked.Clear();
        }

        time.Advance(TimeSpan.FromSeconds(60));
        await Task.Yield();
        Assert.Empty(asked);
    }

    [Fact]
    public void Those_registered_stand_beside_those_of_the_file_which_wins()
    {
        var members = Take(Three() with { Registry = new RegistryRule("c", []) });
        Destination[] registered =
            [new("a", new Uri("http://127.0.0.1:9")), new("x", new Uri("http://127.0.0.1:10"), 2)];
        memberships.Register("c", registered);

        Assert.Equal(["a", "b", "c", "x"], Takers(members));
        Assert.Equal(1, members.Eligible.Targets[0].State.Address.Port);
        var state = members.Eligible.Targets[3].State;
        memberships.Register("c", registered);
        Assert.Same(state, members.Eligible.Targets[3].State);
        memberships.Register("c", []);
        Assert.Equal(["a", "b", "c"], Takers(members));
        Assert.Equal([0, 1, 2], members.Eligible.Targets.Select(target => target.State.Number));
    }

    [Fact]
    public void What_an_administrator_says_outlives_the_file_and_the_destination()
    {
        var members = Take(Three());
        Assert.True(members.Members.TryMark("a", AdminMark.Draining));
        Assert.True(members.Members.TryMark("b", AdminMark.Isolated));
        Assert.False(members.Members.TryMark("z", AdminMark.Isolated));
        Assert.True(State(members, "a").Leaving.IsCancellationRequested);
        Assert.False(State(members, "b").Leaving.IsCancellationRequested);

        Take(Three() with { Destinations = [.. Three().Destinations.Skip(2)] });
        var again = Take(Three() with { ConnectTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(["c"], Takers(again));
        Assert.Equal(["draining", "isolated", "up"], Words(again));
        Assert.True(again.Members.TryMark("a", AdminMark.None));
        Assert.Equal(["a", "c"], Takers(again));
        Assert.False(State(again, "a").Leaving.IsCancellationRequested);
    }

    [Fact]
    public async Task Those_who_are_asked_to_leave_find_the_cluster_arranged_and_unlocked()
    {
        var members = Take(Three());
        var told = new TaskCompletionSource<string[]>();
        using var leaving = State(members, "a").Leaving.Register(() =>
        {
            // The lock lets its own thread in: another has to ask.
            var isFree = Task.Run(members.Members.Describe).Wait(TimeSpan.FromSeconds(10));
            told.SetResult(isFree ? Takers(members) : ["locked"]);
        });

        Assert.True(members.Members.TryMark("a", AdminMark.Draining));

        Assert.Equal(["b", "c"], await told.Task);
    }

    [Fact]
    public async Task A_cluster_that_no_generation_names_is_forgotten_with_what_was_probed_for_it()
    {
        var probed = Three() with { ActiveHealth = new() { Interval = TimeSpan.FromSeconds(1) } };
        var model = new WeakReference(null);
        await Task.Run(() =>
        {
            var first = Take(probed with { Destinations = [.. probed.Destinations] });
            model.Target = first.Cluster;
        });
        // The same probes go on for the next one, and do not hold the first.
        Take(probed);
        await Poll.Until(() =>
        {
            GC.Collect();
            return !model.IsAlive;
        }, TimeSpan.FromSeconds(10), "the first generation to be collected");

        memberships.Register("c", [new("x", new Uri("http://127.0.0.1:9"))]);
        memberships.Keep(new HashSet<string>());
        Assert.NotNull(memberships.Find("c"));
        memberships.Register("c", []);
        await Poll.Until(() =>
        {
            GC.Collect();
            memberships.Keep(new HashSet<string>());
            return memberships.Find("c") is null;
        }, TimeSpan.FromSeconds(10), "the cluster to be forgotten");
    }

    private static DestinationState State(Membership members, string id) =>
        members.OfFile.Single(seat => seat.State.Id == id).State;

    private static string[] Takers(Membership members) =>
        [.. members.Eligible.Targets.Select(target => target.State.Id)];

    private static string[] Words(Membership members) => [.. members.Members.Describe().Select(one => one.State)];

    private static Cluster Three() => new()
    {
        Id = "c",
        Destinations = [.. "abc".Select((id, i) => new Destination($"{id}", new Uri($"http://127.0.0.1:{i + 1}")))],
    };

    private static Entry Enter(Membership members, string id)
    {
        var target = members.OfFile.Single(seat => seat.State.Id == id).Target;
        Assert.Equal(Admission.Entered, target.State.TryEnter(target, out var entry));
        return entry;
    }

    private static void Meet(Membership members, string id, params TryOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            members.Report(Enter(members, id), outcome);
        }
    }

    private Membership Take(Cluster cluster) => memberships.Take(cluster);

    private Task Until(Func<bool> isSo, TimeSpan tick = default) => Poll.Until(() =>
    {
        time.Advance(tick);
        return isSo();
    }, TimeSpan.FromSeconds(10), "the destinations to be seen so");

    private async Task<string?> Ask(
        ProbePlan plan, DestinationState destination, CancellationToken cancellation)
    {
        Assert.Equal("/health", plan.Path);
        lock (asked)
        {
            asked[destination.Id] = asked.GetValueOrDefault(destination.Id) + 1;
        }

        var fault = faults.GetValueOrDefault(destination.Id);
        if (fault == "hangs")
        {
            await never.Task.WaitAsync(cancellation);
        }

        return fault;
    }
}
