using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>Deletes jobs that ended long ago: nobody asks for those done any more, nor retried the dead.</summary>
internal sealed class PruneJobs(Database database, TimeProvider time) : ISchedule
{
    public static readonly TimeSpan DoneFor = TimeSpan.FromDays(7);
    public static readonly TimeSpan DeadFor = TimeSpan.FromDays(30);
    private const int BatchMax = 500;

    public string Name => $"{database.Name}.prune-jobs";

    public string Module => database.Name;

    public string Cron => "0 40 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var now = time.Now();
        var done = await Prune("done", now - DoneFor, cancellation);
        var dead = await Prune("dead", now - DeadFor, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{done} done and {dead} dead jobs deleted");
    }

    private async Task<long> Prune(string state, DateTimeOffset before, CancellationToken cancellation)
    {
        var total = 0L;
        while (true)
        {
            await using var unit = await database.Begin(cancellation);
            var deleted = await unit.Execute(
                Sql.Prune, new { state, before, young = Ids.New(before), limit = BatchMax });
            await unit.Commit();
            total += deleted;
            if (deleted < BatchMax)
            {
                return total;
            }
        }
    }

    private static class Sql
    {
        // By id, the order in which they were made: what ended before then was made before then.
        public const string Prune =
            """
            DELETE FROM jobs
            WHERE id IN (
                SELECT id
                FROM jobs
                WHERE state = @state AND id < @young AND finished_at < @before
                ORDER BY id
                LIMIT @limit)
            """;
    }
}
