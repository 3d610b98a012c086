using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Journal;

/// <summary>What the moods of a person's own entries add up to, by days of their own time zone.</summary>
public interface IEntryStats
{
    /// <summary>
    /// The range and what is compared with it. Codes: <c>invalid_query</c> with every fault; <c>busy</c> while a
    /// journal from before there were statistics is counted for the first time.
    /// </summary>
    Task<Result<StatsView>> Get(Caller caller, StatsQuery query, CancellationToken cancellation);
}
