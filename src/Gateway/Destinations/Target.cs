using System.Runtime.InteropServices;

namespace Gatehouse.Gateway.Destinations;

/// <summary>A destination as one generation wants it used.</summary>
internal sealed record Target(DestinationState State, int Weight, ulong Hash);

/// <summary>Who takes new requests of a cluster: made anew with each change, never changed itself.</summary>
/// <param name="Targets">May be none.</param>
/// <param name="IsBreakerOpen">Of one at least only the breaker is open.</param>
internal sealed record Eligible(Target[] Targets, bool IsBreakerOpen)
{
    public static readonly Eligible None = new([], false);
}

/// <summary>Whether a try may go to a destination.</summary>
internal enum Admission
{
    /// <summary>Nobody is there.</summary>
    None,
    Entered,
    NoPermit,
    BreakerOpen,
}

/// <summary>Leave for one try, to be given back with what became of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Entry(
    Target Target, Permits? Permits, Foundation.Resilience.Breaker? Breaker, Foundation.Resilience.BreakerPass Pass);

/// <summary>What a try said of its destination.</summary>
internal enum TryOutcome
{
    /// <summary>It is the client's doing, or nobody's.</summary>
    SaysNothing,
    Answered,

    /// <summary>500 and the like: it may be the request's doing, but it is watched.</summary>
    ServerError,

    /// <summary>502, 503, 504.</summary>
    Unavailable,

    /// <summary>No connection, a reset, no HTTP, or nothing in time.</summary>
    NoAnswer,
}
