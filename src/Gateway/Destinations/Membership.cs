using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

/// <summary>One generation of a cluster: what its file says, and who of it takes requests at the moment.</summary>
internal sealed class Membership(ClusterMembers members, Cluster cluster, IReadOnlyList<Seat> ofFile)
{
    private volatile Eligible eligible = Eligible.None;

    public Cluster Cluster => cluster;

    public ClusterMembers Members => members;

    /// <summary>Those that the file names.</summary>
    public IReadOnlyList<Seat> OfFile => ofFile;

    /// <summary>To be read once for each choice.</summary>
    public Eligible Eligible
    {
        get => eligible;
        set => eligible = value;
    }

    public void Repeated() => members.Events.Repeated(members.Id);

    public void NotRepeated() => members.Events.NotRepeated(members.Id);

    /// <summary>After a try: gives back what it held. Costs nothing where nothing is watched.</summary>
    public void Report(in Entry entry, TryOutcome outcome)
    {
        entry.Permits?.Leave();
        var state = entry.Target.State;
        if (entry.Breaker is { } breaker)
        {
            switch (outcome)
            {
                case TryOutcome.SaysNothing:
                    breaker.Abandoned(entry.Pass);
                    break;
                case TryOutcome.Answered or TryOutcome.ServerError:
                    breaker.Succeeded(entry.Pass);
                    break;
                default:
                    breaker.Failed(entry.Pass);
                    break;
            }

            if (entry.Pass.IsProbe)
            {
                members.Look();
            }
        }

        if (cluster.PassiveHealth is { } rule && outcome != TryOutcome.SaysNothing)
        {
            if (outcome == TryOutcome.Answered)
            {
                state.CountGood();
            }
            else if (state.CountBad() >= rule.Failures)
            {
                members.TryEject(state);
            }
        }
    }
}

/// <summary>A destination in one generation, and why it takes no requests; null: it does.</summary>
internal sealed class Seat(DestinationState state, Destination model, bool isRegistered)
{
    public DestinationState State => state;

    public Destination Model => model;

    public bool IsRegistered => isRegistered;

    public Target Target { get; } = new(state, model.Weight, state.Hash);

    public WhyOut Why { get; set; }
}

internal enum WhyOut
{
    None,
    Isolated,
    Draining,
    NoWeight,
    Down,
    Ejected,
    BreakerOpen,

    /// <summary>Its first probe is still under way, and others are known to be there.</summary>
    NotProbed,
}
