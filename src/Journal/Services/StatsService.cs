using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

internal sealed class StatsService(ICountsStateRepository states, IStatsRepository stats, TimeProvider time)
    : IEntryStats
{
    private const int AttemptsMax = 3;
    private static readonly TimeSpan FirstCount = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public async Task<Result<StatsView>> Get(Caller caller, StatsQuery query, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var state = await states.Find(caller.User, cancellation);
            var zone = state?.TimeZone ?? CountsState.Utc;
            var today = DateOnly.FromDateTime(
                TimeZoneInfo.ConvertTime(time.Now(), CountsState.ZoneOf(zone)).DateTime);
            var faults = new Faults();
            if (query.ToRange(today, faults) is not { } range)
            {
                return faults.ToProblem(ProblemCodes.InvalidQuery);
            }

            if (state is { Generation: 0 })
            {
                return Problem.Busy("Your journal is being counted for the first time.", FirstCount);
            }

            // Another generation may have come between: then the zone is another one too.
            var rows = state is null
                ? StatsRows.None
                : await stats.Read(caller.User, state.Generation, range, cancellation);
            if (rows is not null)
            {
                return rows.ToContract(range, zone, today);
            }
        }

        return Problem.Busy("Your journal has just been counted anew.", Turn);
    }
}
