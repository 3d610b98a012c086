using System.Globalization;
using System.Reflection;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Journal.Http;

/// <summary>Binds which days a chart is of, and its colours; 400 <c>invalid_query</c> names every fault.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last.</param>
/// <param name="Window">Of the moving average; null where nobody said.</param>
/// <param name="Theme">Light or dark, or as its reader prefers.</param>
internal sealed record ChartQuery(DateOnly? From, DateOnly? Until, int? Window, ChartTheme Theme)
    : IEndpointParameterMetadataProvider
{
    /// <summary>The same for two that ask for the same.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture, $"{From:O}:{Until:O}:{Window}:{Theme}");

    public static ValueTask<ChartQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (query, faults, others) = (context.Request.Query, new Faults(), new Faults());
        var asked = new ChartQuery(
            query.Day("from", faults),
            query.Day("until", faults),
            PageQuery.Number(query, "window", StatsQuery.WindowMax, faults),
            query.Parsed("theme", faults, "must be light or dark", text => text switch
            {
                "light" => ChartTheme.Light,
                "dark" => ChartTheme.Dark,
                _ => (ChartTheme?)null,
            }) ?? ChartTheme.Auto);
        new StatsQuery(asked.From, asked.Until, asked.Window ?? StatsQuery.WindowDefault).Check(others);
        query.RefuseFilters(faults);
        faults.AddOthers(others);
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<ChartQuery?>(asked);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter(
            "from", "The first day, such as 2030-01-31; 30 days before `until` unless given."));
        builder.Metadata.Add(new QueryParameter("until", "The day after the last; tomorrow unless given."));
        builder.Metadata.Add(new QueryNumber(
            "window",
            "Days of the moving average; 7, for long ranges 30 or 90 unless given.",
            1,
            StatsQuery.WindowMax));
        builder.Metadata.Add(new QueryParameter(
            "theme", "`light` or `dark`; unless given as the reader's device prefers."));
    }
}
