using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Destinations;

/// <summary>
/// Who is of a cluster and takes requests: those of the file, those registered, and what is known of each. It outlives
/// generations of the file. Every change is made under one lock and leaves an array that requests read without it.
/// </summary>
internal sealed class ClusterMembers : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<WeakReference<Membership>> generations = [];
    private readonly Dictionary<(string Id, Uri Address), DestinationState> states = [];
    private readonly Dictionary<string, AdminMark> marks = new(StringComparer.Ordinal);
    private readonly string id;
    private readonly TimeProvider time;
    private readonly DestinationEvents events;
    private readonly Prober prober;
    private readonly ITimer wake;
    private IReadOnlyList<Seat> registered = [];
    private Membership? current;

    public ClusterMembers(string id, TimeProvider time, DestinationEvents events, Prober prober)
    {
        (this.id, this.time, this.events, this.prober) = (id, time, events, prober);
        wake = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Id => id;

    public DestinationEvents Events => events;

    /// <summary>A generation of the file is in somebody's hands, or somebody has registered.</summary>
    public bool IsUsed
    {
        get
        {
            lock (gate)
            {
                return registered.Count > 0 || generations.Exists(one => one.TryGetTarget(out _));
            }
        }
    }

    /// <summary>A new generation of the file: from now on the one that counts.</summary>
    public Membership Take(Cluster cluster)
    {
        lock (gate)
        {
            current = new Membership(
                this, cluster, [.. cluster.Destinations.Select(one => Sit(one, isRegistered: false))]);
            generations.Add(new WeakReference<Membership>(current));
            registered = [.. registered.Select(seat => Sit(seat.Model, isRegistered: true))];
            Settle();
            return current;
        }
    }

    /// <summary>Those that have registered, in place of those before. Ids of the file are the file's.</summary>
    public void Register(IReadOnlyList<Destination> destinations)
    {
        lock (gate)
        {
            registered = [.. destinations.DistinctBy(one => one.Id).Select(one => Sit(one, isRegistered: true))];
            Settle();
        }
    }

    /// <summary>The file names the cluster no more. Who registered stays, for when it does again.</summary>
    public void Leave()
    {
        lock (gate)
        {
            current = null;
            marks.Clear();
            Settle();
        }
    }

    /// <summary>Somebody's time is over, or a breaker's trial is.</summary>
    public void Look()
    {
        lock (gate)
        {
            Arrange();
        }
    }

    public void Probed(DestinationState state, ProbeLoop loop, ProbeReport report, ActiveHealth rule)
    {
        lock (gate)
        {
            if (state.Health.Loop == loop && state.Health.Probed(report, rule))
            {
                Arrange();
            }
        }
    }

    /// <summary>It failed as often as it may; not if too many are out already, for whatever reason.</summary>
    public void TryEject(DestinationState state)
    {
        lock (gate)
        {
            state.CountFrom(0);
            if (current is not { Cluster.PassiveHealth: { } rule, Eligible.Targets: { } targets } ||
                !Array.Exists(targets, target => target.State == state))
            {
                return;
            }

            var all = SeatsOf(current).Count(seat => seat.Model.Weight > 0);
            if ((all - targets.Length + 1) * 100 <= all * rule.EjectedPercentMax)
            {
                state.Health.Eject(rule, time);
                events.Ejected(id, state.Id, state.Health.EjectedFor);
                Arrange();
            }
        }
    }

    /// <summary>False: there is no such destination. <see cref="AdminMark.None"/> also forgives what it did.</summary>
    public bool TryMark(string destination, AdminMark mark)
    {
        lock (gate)
        {
            if (current is null || SeatsOf(current).FirstOrDefault(s => s.State.Id == destination) is not { } seat)
            {
                return false;
            }

            marks.Remove(destination);
            if (mark == AdminMark.None)
            {
                seat.State.Health.ForgetEjections();
                seat.State.CountFrom(0);
                seat.State.Breaker = Breaker(current.Cluster.Breaker, seat.State);
            }
            else
            {
                marks.Add(destination, mark);
            }

            Mark(seat.State);
            Arrange();
            return true;
        }
    }

    /// <summary>Empty while the file does not name the cluster.</summary>
    public IReadOnlyList<DestinationReport> Describe()
    {
        lock (gate)
        {
            return current is null
                ? []
                : [.. SeatsOf(current).Select(seat => DestinationReport.Of(seat, current, time))];
        }
    }

    public void Dispose()
    {
        wake.Dispose();
        Leave();
    }

    // Who is there has changed.
    private void Settle()
    {
        generations.RemoveAll(one => !one.TryGetTarget(out _));
        var named = generations.SelectMany(one => one.TryGetTarget(out var seen) ? seen.OfFile : [])
            .Concat(registered).Select(seat => seat.State).ToHashSet();
        var seats = current is null ? [] : SeatsOf(current);
        var inUse = seats.Select(seat => seat.State).ToHashSet();
        foreach (var (key, state) in states.Where(pair => !inUse.Contains(pair.Value)).ToList())
        {
            prober.Follow(this, null, state, null);
            if (!named.Contains(state))
            {
                states.Remove(key);
            }
        }

        foreach (var seat in seats)
        {
            Configure(seat);
        }

        Arrange();
    }

    private void Configure(Seat seat)
    {
        var (state, cluster) = (seat.State, current!.Cluster);
        Mark(state);
        if (state.BreakerRule != cluster.Breaker)
        {
            state.BreakerRule = cluster.Breaker;
            state.Breaker = Breaker(cluster.Breaker, state);
        }

        var room = state.Permits ?? (cluster.Bulkhead is null ? null : new Permits());
        room?.Limit(cluster.Bulkhead);
        state.Permits = cluster.Bulkhead is null ? null : room;
        if (cluster.PassiveHealth is null)
        {
            state.Health.ForgetEjections();
        }

        prober.Follow(this, cluster, state, seat.Model.HealthPath);
    }

    private Breaker? Breaker(BreakerRule? rule, DestinationState state) => rule is null
        ? null
        : new Breaker(rule.Failures, rule.Open, time, phase =>
        {
            events.BreakerTurned(id, state.Id, phase);
            Look();
        }, rule.Trials);

    private void Mark(DestinationState state)
    {
        state.Health.Mark = marks.GetValueOrDefault(state.Id);
        if (state.Health.Mark != AdminMark.Draining)
        {
            state.AskBack();
        }
    }

    private void Arrange()
    {
        var next = TimeSpan.MaxValue;
        foreach (var one in generations)
        {
            if (one.TryGetTarget(out var generation))
            {
                Arrange(generation, ref next);
            }
        }

        // Now that nobody who comes back is sent there again.
        foreach (var state in states.Values.Where(one => one.Health.Mark == AdminMark.Draining))
        {
            state.AskToLeave();
        }

        wake.Change(
            next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next + TimeSpan.FromMilliseconds(1),
            Timeout.InfiniteTimeSpan);
    }

    private void Arrange(Membership generation, ref TimeSpan next)
    {
        var seats = SeatsOf(generation);
        foreach (var seat in seats)
        {
            var (why, until) = WhyOutOf(seat, generation.Cluster);
            next = until > TimeSpan.Zero && until < next ? until : next;
            seat.Why = why;
            if (generation == current)
            {
                Show(seat);
            }
        }

        // Who is not known yet is better than nobody, and only then.
        var takers = seats.Where(seat => seat.Why == WhyOut.None).ToList();
        takers = takers.Count > 0 ? takers : [.. seats.Where(seat => seat.Why == WhyOut.NotProbed)];
        generation.Eligible = new Eligible(
            [.. takers.Select(seat => seat.Target)], seats.Any(seat => seat.Why == WhyOut.BreakerOpen));
    }

    private void Show(Seat seat)
    {
        var health = seat.State.Health;
        if (health.Shown is not { } shown)
        {
            health.Shown = (seat.Why, time.Now());
        }
        else if (shown.Why != seat.Why)
        {
            health.Shown = (seat.Why, time.Now());
            events.Turned(id, seat, was: shown.Why);
        }
    }

    private (WhyOut Why, TimeSpan Until) WhyOutOf(Seat seat, Cluster cluster)
    {
        var health = seat.State.Health;
        if (health.IsEjected && health.EjectionLeft(time) == TimeSpan.Zero)
        {
            health.EndEjection();
            // On probation: one failure more, before it did anything well, takes it out again.
            seat.State.CountFrom((cluster.PassiveHealth?.Failures ?? 1) - 1);
        }

        var unwilling = seat.State.Breaker?.Unwilling ?? TimeSpan.Zero;
        return health.Mark == AdminMark.Isolated ? (WhyOut.Isolated, default)
            : health.Mark == AdminMark.Draining ? (WhyOut.Draining, default)
            : seat.Model.Weight == 0 ? (WhyOut.NoWeight, default)
            : health.Verdict == ProbeVerdict.Down && cluster.ActiveHealth is not null ? (WhyOut.Down, default)
            : health.IsEjected ? (WhyOut.Ejected, health.EjectionLeft(time))
            : unwilling != TimeSpan.Zero ? (WhyOut.BreakerOpen, unwilling)
            : health.Verdict == ProbeVerdict.Unknown && cluster.ActiveHealth is not null ? (WhyOut.NotProbed, default)
            : default;
    }

    private IReadOnlyList<Seat> SeatsOf(Membership generation) =>
        registered.Count == 0 || generation.Cluster.Registry is null
            ? generation.OfFile
            :
            [
                .. generation.OfFile,
                .. registered.Where(one => !generation.OfFile.Any(f => f.State.Id == one.State.Id)),
            ];

    private Seat Sit(Destination destination, bool isRegistered)
    {
        var key = (destination.Id, destination.Address);
        if (!states.TryGetValue(key, out var state))
        {
            var numbers = states.Values.Select(one => one.Number).ToHashSet();
            state = new DestinationState(
                destination, Enumerable.Range(0, numbers.Count + 1).First(number => !numbers.Contains(number)));
            states.Add(key, state);
        }

        return new Seat(state, destination, isRegistered);
    }
}
