using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;

namespace Gatehouse.Ticketing.Tests;

/// <summary>Runs the module's durable jobs when the test says so, as a worker would.</summary>
internal sealed class JobsByHand(BoxOffice office)
{
    /// <summary>Runs what is queued, in the order it is due; answers how many attempts failed.</summary>
    /// <param name="isDue">Which of them; all unless given.</param>
    public async Task<int> Run(Func<Waiting, bool>? isDue = null)
    {
        var failed = 0;
        while (await Next(isDue ?? (_ => true)) is { } waiting)
        {
            var job = office.GetAll<IJob>().Single(job => job.Kind == waiting.Kind);
            var run = new Attempt
            {
                Id = waiting.Id,
                Key = waiting.Key,
                Payload = waiting.Payload,
                Attempt = waiting.Attempts + 1,
                IsLast = false,
            };
            try
            {
                await job.Run(run, CancellationToken.None);
                await Change("DELETE FROM jobs WHERE id = @id", waiting.Id);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException && waiting.Attempts == 0)
            {
                failed++;
                await Change("UPDATE jobs SET attempts = 1 WHERE id = @id", waiting.Id);
            }
        }

        return failed;
    }

    public async Task<IReadOnlyList<Waiting>> Queued()
    {
        await using var session = await office.Database.Read(CancellationToken.None);
        return await session.Query<Waiting>(
            "SELECT id, kind, key, payload, attempts, due_at FROM jobs WHERE state = 'queued' ORDER BY due_at, id");
    }

    private async Task<Waiting?> Next(Func<Waiting, bool> isDue) => (await Queued()).FirstOrDefault(isDue);

    private async Task Change(string sql, Guid id)
    {
        await using var unit = await office.Database.Begin(CancellationToken.None);
        await unit.Execute(sql, new { id });
        await unit.Commit();
    }

    internal sealed class Waiting
    {
        public Guid Id { get; init; }

        public string Kind { get; init; } = "";

        public string? Key { get; init; }

        public string Payload { get; init; } = "";

        public int Attempts { get; init; }

        public DateTimeOffset DueAt { get; init; }
    }

    private sealed class Attempt : JobRun
    {
        public override Task Report(int percent, string? note, CancellationToken cancellation) => Task.CompletedTask;

        // The row is deleted after, as if the process had died between: doing it again must do no harm.
        public override Task Complete(UnitOfWork unit, string? result) => Task.CompletedTask;
    }
}
