using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Foundation.Jobs;

/// <summary>A durable job, as an administrator sees it.</summary>
/// <param name="Key">What makes two requests the same job.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c> or <c>dead</c>.</param>
/// <param name="DueAt">Not before, while queued; while running, when its worker's lease would lapse.</param>
/// <param name="Attempts">Those begun; the one that runs is among them.</param>
/// <param name="Error">Of the last attempt that failed.</param>
/// <param name="Worker">Machine, process and claim of whoever runs it.</param>
/// <param name="Payload">What it needs to know; only of a single job.</param>
internal sealed record JobView(
    Guid Id,
    string Module,
    string Kind,
    string? Key,
    string State,
    DateTimeOffset DueAt,
    int Attempts,
    int? Percent,
    string? Note,
    string? Result,
    string? Error,
    string? Worker,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string? Payload);

/// <summary>What comes again by the clock.</summary>
/// <param name="Cron">Quartz's: <c>sec min hour day-of-month month day-of-week</c>.</param>
/// <param name="TimeZone">Whose clock it is.</param>
/// <param name="Off">The settings keep it from running by the clock.</param>
/// <param name="Next">When it comes next; absent when off.</param>
/// <param name="Last">How the last run went; absent before the first.</param>
internal sealed record ScheduleView(
    string Name, string Module, string Cron, string TimeZone, bool Off, DateTimeOffset? Next, LastRunView? Last);

/// <summary>The last run of a schedule, on whichever instance it was.</summary>
/// <param name="At">When it began.</param>
/// <param name="Outcome"><c>done</c> or <c>failed</c>.</param>
/// <param name="Note">What was done, in a few words.</param>
internal sealed record LastRunView(DateTimeOffset At, long TookMs, string Outcome, string? Note, string? Error);

/// <summary>All schedules of the modules served here.</summary>
internal sealed record ScheduleList(IReadOnlyList<ScheduleView> Items);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(ListAnswer<JobView>), TypeInfoPropertyName = "JobList")]
[JsonSerializable(typeof(ScheduleView))]
[JsonSerializable(typeof(ScheduleList))]
internal sealed partial class JobsJson : JsonSerializerContext;
