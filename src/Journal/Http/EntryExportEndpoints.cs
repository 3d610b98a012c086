using System.Globalization;
using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Documents;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class EntryExportEndpoints
{
    public static readonly LimitPolicy ExportLimit = new(
        "entry-export", LimitBy.User, LimitAlgorithm.SlidingWindow, permits: 30, TimeSpan.FromHours(1));

    // A million entries take less than two; what takes longer is a reader that does not read.
    private static readonly TimeSpan ExportDeadline = TimeSpan.FromMinutes(10);

    public static void MapEntryExports(this IEndpointRouteBuilder endpoints)
    {
        var exports = endpoints.MapGroup("/entries").WithTags("Journal").RequireAuthorization();
        exports.RequireLimit(ExportLimit.Name).WithRequestTimeout(ExportDeadline);
        exports.MapGet("/export.csv", Csv).Produces<string>(StatusCodes.Status200OK, "text/csv")
            .WithName("exportEntriesCsv").WithSummary("All your entries as a table for spreadsheets.");
        exports.MapGet("/export.json", Json).Produces<IReadOnlyList<EntryView>>()
            .WithName("exportEntriesJson").WithSummary("All your entries, exactly as they are.");
    }

    private static PushStreamHttpResult Csv(
        EntryQuery query,
        HttpContext context,
        IEntryExport export,
        TimeProvider time,
        CancellationToken cancellation) =>
        TypedResults.Stream(
            body => EntriesCsv.Write(body, All(query, context, export, cancellation), cancellation),
            CsvFile.ContentType,
            Name(time, "csv"));

    private static PushStreamHttpResult Json(
        EntryQuery query,
        HttpContext context,
        IEntryExport export,
        TimeProvider time,
        CancellationToken cancellation) =>
        TypedResults.Stream(
            body => JsonSerializer.SerializeAsync(
                body, All(query, context, export, cancellation), JournalJson.Default.EntryStream, cancellation),
            "application/json",
            Name(time, "json"));

    private static IAsyncEnumerable<EntryView> All(
        EntryQuery query, HttpContext context, IEntryExport export, CancellationToken cancellation) =>
        export.All(context.User.Caller(), query.Filter, cancellation);

    private static string Name(TimeProvider time, string kind) => string.Create(
        CultureInfo.InvariantCulture, $"entries-{time.Now():yyyy-MM-dd}.{kind}");
}
