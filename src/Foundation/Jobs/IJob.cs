using Gatehouse.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// A kind of durable job: work that is kept in the module's database until it is done. One worker of many holds it by a
/// lease that it renews while it runs; when the worker dies another takes it over.
/// </summary>
public interface IJob
{
    /// <summary>Stable, such as <c>mail.send</c>.</summary>
    string Kind { get; }

    /// <summary>The module in whose database the jobs of this kind are.</summary>
    string Module { get; }

    JobPolicy Policy { get; }

    /// <summary>
    /// Does the work; returning is success. What it throws counts as a failed attempt and the job is tried again later;
    /// <see cref="JobPostponedException"/> puts it off without counting; <see cref="JobFailedException"/> ends it.
    /// Since the process may die at any line, either doing it again must do no harm, or the effect is written together
    /// with <see cref="JobRun.Complete"/>.
    /// </summary>
    Task Run(JobRun run, CancellationToken cancellation);
}

/// <summary>How jobs of a kind are run.</summary>
public sealed record JobPolicy
{
    /// <summary>The usual waits before the next attempt: 1 s, 5 s, 30 s, 5 min and 1 h.</summary>
    public static readonly IReadOnlyList<TimeSpan> UsualDelays =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromHours(1),
    ];

    /// <summary>
    /// Waits before each further attempt, lengthened at random by up to a fifth; after the last it is dead.
    /// </summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = UsualDelays;

    /// <summary>Jobs of this kind that one process runs at once.</summary>
    public int ConcurrencyMax { get; init; } = 3;

    /// <summary>How long a worker that is silent keeps the job; renewed every third of it while it runs.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Past it an attempt is cancelled and counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Not now, and no failure: the job comes again at that time and the attempt does not count.</summary>
public sealed class JobPostponedException(DateTimeOffset until, string reason) : Exception(reason)
{
    public DateTimeOffset Until => until;
}

/// <summary>Trying again would not help: the job is dead at once.</summary>
public sealed class JobFailedException(string reason) : Exception(reason);

public static class JobRegistration
{
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services)
        where TJob : class, IJob =>
        services.AddSingleton<IJob, TJob>();

    public static IServiceCollection AddSchedule<TSchedule>(this IServiceCollection services)
        where TSchedule : class, ISchedule =>
        services.AddSingleton<ISchedule, TSchedule>();

    /// <summary>Has a module that keeps idempotency keys forget them after their time.</summary>
    public static IServiceCollection AddIdempotencyPruning(this IServiceCollection services, string module) =>
        services.AddSingleton<ISchedule>(provider => new PruneIdempotencyKeys(
            provider.GetRequiredKeyedService<Database>(module), provider.GetRequiredService<TimeProvider>()));
}
