using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Reads what is counted.</summary>
internal interface IStatsRepository
{
    /// <summary>
    /// All of one moment, since it is one statement; null where another generation is the one to read by then.
    /// </summary>
    Task<StatsRows?> Read(UserId owner, int generation, StatsRange range, CancellationToken cancellation);
}
