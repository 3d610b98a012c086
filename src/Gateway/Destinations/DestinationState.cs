using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

/// <summary>
/// What is known of one server, as long as any generation of its cluster names it. Requests read it without a lock;
/// what decides whether it takes any is changed under the lock of its <see cref="ClusterMembers"/>.
/// </summary>
/// <param name="number">Its own in its cluster, and as small as can be.</param>
#pragma warning disable CA1001 // A source of cancellation without timer and handle holds nothing to let go.
internal sealed class DestinationState(Destination destination, int number = 0)
#pragma warning restore CA1001
{
    private int underWay;
    private int failures;
    private volatile Breaker? breaker;
    private volatile Permits? permits;
    private volatile CancellationTokenSource leaving = new();

    public string Id => destination.Id;

    public int Number => number;

    public Uri Address => destination.Address;

    /// <summary>Scheme, authority and the path that is put before each request's.</summary>
    public string Prefix { get; } = destination.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public bool IsSecure { get; } = destination.Address.Scheme == Uri.UriSchemeHttps;

    public ulong Hash { get; } = StableHash.Of(destination.Id);

    /// <summary>Tries that wait for their answer or pass it on, WebSockets included.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>In a row, as requests met them.</summary>
    public int Failures => Volatile.Read(ref failures);

    public Breaker? Breaker
    {
        get => breaker;
        set => breaker = value;
    }

    /// <summary>That <see cref="Breaker"/> was made for.</summary>
    public BreakerRule? BreakerRule { get; set; }

    public Permits? Permits
    {
        get => permits;
        set => permits = value;
    }

    /// <summary>When an administrator drains it: who could stay for ever goes.</summary>
    public CancellationToken Leaving => leaving.Token;

    public DestinationHealth Health { get; } = new();

    public void Begin() => Interlocked.Increment(ref underWay);

    public void End() => Interlocked.Decrement(ref underWay);

    /// <summary>A permit first: giving that back costs nothing, a breaker's trial is one of few.</summary>
    public Admission TryEnter(Target target, out Entry entry)
    {
        var room = permits;
        entry = default;
        return room?.TryEnter() == false ? Admission.NoPermit : EnterWithRoom(target, room, out entry);
    }

    /// <summary>The same with a permit in hand, which it gives back if the breaker refuses.</summary>
    public Admission EnterWithRoom(Target target, Permits? room, out Entry entry)
    {
        var pass = default(BreakerPass);
        var gate = breaker;
        if (gate?.TryEnter(out pass) == false)
        {
            room?.Leave();
            entry = default;
            return Admission.BreakerOpen;
        }

        entry = new Entry(target, room, gate, pass);
        return Admission.Entered;
    }

    public void CountGood()
    {
        if (Volatile.Read(ref failures) != 0)
        {
            Volatile.Write(ref failures, 0);
        }
    }

    public int CountBad() => Interlocked.Increment(ref failures);

    /// <summary>So many as if they had been met.</summary>
    public void CountFrom(int count) => Volatile.Write(ref failures, count);

    /// <summary>Elsewhere: thousands may go, and the lock that this is called under is the whole cluster's.</summary>
    public void AskToLeave() => _ = leaving.CancelAsync();

    public void AskBack() => leaving = leaving.IsCancellationRequested ? new CancellationTokenSource() : leaving;
}
