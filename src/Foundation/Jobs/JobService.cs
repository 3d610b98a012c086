using System.Buffers;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>The jobs of all modules served here as one list, newest first.</summary>
internal sealed class JobService(IEnumerable<MigratedDatabase> databases, IAuditLog audit, TimeProvider time)
{
    private const int KindLengthMax = 100;
    private static readonly string[] States = ["queued", "running", "done", "dead"];
    private static readonly SearchValues<char> KindCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    private readonly IReadOnlyList<JobViewRepository> modules =
        [.. databases.Select(migrated => new JobViewRepository(migrated.Database, audit))];

    public async Task<Result<Page<JobView>>> List(
        string? state, string? kind, PageRequest page, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(state is null || States.Contains(state), "state", $"must be one of {string.Join(", ", States)}");
        faults.Require(kind is null || IsKind(kind), "kind", "must be the name of a kind, such as mail.send");
        if (faults.Any)
        {
            return faults.ToProblem(ProblemCodes.InvalidQuery);
        }

        var all = new List<JobView>();
        foreach (var module in modules)
        {
            // One more than asked for tells whether there is a next page.
            all.AddRange(await module.List(state, kind, page.After?.Id, page.Limit + 1, cancellation));
        }

        var shown = all.OrderByDescending(job => job.Id).Take(page.Limit).ToList();
        return new Page<JobView>(shown, page.Limit)
        {
            NextCursor = all.Count > shown.Count ? new Cursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null,
        };
    }

    public async Task<Result<JobView>> Get(Guid id, CancellationToken cancellation) =>
        await Find(id, cancellation) is var (_, job) ? job : Problem.NotFound("job");

    public async Task<Result<JobView>> Retry(Guid id, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not var (module, job))
        {
            return Problem.NotFound("job");
        }

        return await module.Retry(id, time.Now(), cancellation)
            ? await Get(id, cancellation)
            : new Problem(ProblemCodes.WrongState, $"It is {job.State}; only a dead job is retried.");
    }

    public async Task<Result<Done>> Cancel(Guid id, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not var (module, job))
        {
            return Problem.NotFound("job");
        }

        return await module.Cancel(id, cancellation)
            ? new Done()
            : new Problem(ProblemCodes.WrongState, $"It is {job.State}; only a queued job is cancelled.");
    }

    private static bool IsKind(string text) =>
        text.Length is > 0 and <= KindLengthMax && !text.AsSpan().ContainsAnyExcept(KindCharacters);

    private async Task<(JobViewRepository Module, JobView Job)?> Find(Guid id, CancellationToken cancellation)
    {
        foreach (var module in modules)
        {
            if (await module.Find(id, cancellation) is { } job)
            {
                return (module, job);
            }
        }

        return null;
    }
}
