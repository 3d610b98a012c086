using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Destinations;

/// <summary>How a destination does, at the moment it was asked.</summary>
internal sealed record DestinationReport
{
    public required string Cluster { get; init; }

    public required string Id { get; init; }

    public required Uri Address { get; init; }

    public required int Weight { get; init; }

    public required bool IsRegistered { get; init; }

    public required string State { get; init; }

    /// <summary>Null: it takes requests.</summary>
    public string? Why { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required int UnderWay { get; init; }

    public required int Failures { get; init; }

    public int? Waiting { get; init; }

    public int? Permits { get; init; }

    public ProbeReport? LastProbe { get; init; }

    public DateTimeOffset? EjectedUntil { get; init; }

    public BreakerPhase? Breaker { get; init; }

    public int? BreakerFailures { get; init; }

    public DateTimeOffset? BreakerOpenUntil { get; init; }

    public static DestinationReport Of(Seat seat, Membership generation, TimeProvider time)
    {
        var (state, health) = (seat.State, seat.State.Health);
        var isIn = Array.Exists(generation.Eligible.Targets, target => target.State == state);
        return new DestinationReport
        {
            Cluster = generation.Cluster.Id,
            Id = state.Id,
            Address = state.Address,
            Weight = seat.Model.Weight,
            IsRegistered = seat.IsRegistered,
            State = WordOf(seat.Why),
            Why = isIn ? null : TextOf(seat.Why, health.LastProbe?.Fault),
            Since = health.Shown?.Since ?? time.Now(),
            UnderWay = state.UnderWay,
            Failures = state.Failures,
            Waiting = state.Permits?.Waiting,
            Permits = state.Permits?.InUse,
            LastProbe = health.LastProbe,
            EjectedUntil = health.IsEjected ? time.Now() + health.EjectionLeft(time) : null,
            Breaker = state.Breaker?.Phase,
            BreakerFailures = state.Breaker?.Failures,
            BreakerOpenUntil = state.Breaker?.OpenUntil,
        };
    }

    private static string WordOf(WhyOut why) => why switch
    {
        WhyOut.Isolated => "isolated",
        WhyOut.Draining => "draining",
        WhyOut.Down => "down",
        WhyOut.Ejected => "ejected",
        WhyOut.NotProbed => "unknown",
        _ => "up",
    };

    private static string TextOf(WhyOut why, string? fault) => why switch
    {
        WhyOut.Isolated => "an administrator isolated it",
        WhyOut.Draining => "an administrator drains it",
        WhyOut.NoWeight => "its weight is 0",
        WhyOut.Down => $"its probe failed: {fault}",
        WhyOut.Ejected => "requests to it failed",
        WhyOut.BreakerOpen => "its breaker is open",
        _ => "it was not probed yet, and others are there",
    };
}
