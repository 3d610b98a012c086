using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Foundation.Jobs;

/// <summary>What administrators see of jobs and schedules, and may do about them.</summary>
public static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder endpoints)
    {
        var jobs = endpoints.MapGroup("/admin/jobs").WithTags("Administration")
            .RequireAuthorization(Permissions.OperationsView);
        jobs.MapGet("", List).WithName("listJobs")
            .WithSummary("Durable jobs of every module, newest first; by state and kind, with cursor.");
        jobs.MapGet("/{id}", Get).WithName("getJob").WithSummary("One job with what it needs to know.");
        jobs.MapPost("/{id}/retry", Retry).RequireAuthorization(Permissions.OperationsManage)
            .WithName("retryJob").WithSummary("A dead job begins anew.");
        jobs.MapDelete("/{id}", Cancel).RequireAuthorization(Permissions.OperationsManage)
            .WithName("cancelJob").WithSummary("Drops a job that is queued.");
        var schedules = endpoints.MapGroup("/admin/schedules").WithTags("Administration")
            .RequireAuthorization(Permissions.OperationsView);
        schedules.MapGet("", ListSchedules).WithName("listSchedules")
            .WithSummary("What comes again by the clock, with its last run and its next.");
        schedules.MapPost("/{name}/run", RunNow).RequireAuthorization(Permissions.OperationsManage)
            .WithName("runSchedule")
            .WithSummary("Has a schedule run once, soon, on one instance, and never twice at once.");
    }

    private static async Task<Results<Ok<ListAnswer<JobView>>, ProblemResult>> List(
        string? state, string? kind, CursorQuery page, JobService jobs, CancellationToken cancellation)
    {
        var found = await jobs.List(state, kind, page.Request, cancellation);
        return found.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<JobView>.From(found.Value));
    }

    private static async Task<Results<Ok<JobView>, ProblemResult>> Get(
        RouteId id, JobService jobs, CancellationToken cancellation)
    {
        var job = await jobs.Get(id.Value, cancellation);
        return job.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(job.Value);
    }

    private static async Task<Results<Ok<JobView>, ProblemResult>> Retry(
        RouteId id, JobService jobs, CancellationToken cancellation)
    {
        var job = await jobs.Retry(id.Value, cancellation);
        return job.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(job.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Cancel(
        RouteId id, JobService jobs, CancellationToken cancellation)
    {
        var cancelled = await jobs.Cancel(id.Value, cancellation);
        return cancelled.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Ok<ScheduleList>> ListSchedules(
        ScheduleService schedules, CancellationToken cancellation) =>
        TypedResults.Ok(await schedules.List(cancellation));

    private static async Task<Results<Accepted<ScheduleView>, ProblemResult>> RunNow(
        string name, ScheduleService schedules, CancellationToken cancellation)
    {
        var run = await schedules.RunNow(name, cancellation);
        return run.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted("/admin/schedules", run.Value);
    }
}
