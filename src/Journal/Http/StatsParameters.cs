using System.Globalization;
using System.Reflection;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Journal.Http;

/// <summary>Binds which days statistics are asked of; 400 <c>invalid_query</c> names every fault.</summary>
internal sealed record StatsParameters(StatsQuery Query) : IEndpointParameterMetadataProvider
{
    /// <summary>The same for two that ask for the same.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Query.From:O}:{Query.Until:O}:{Query.Window}:{Query.CompareFrom:O}:{Query.CompareUntil:O}");

    public static ValueTask<StatsParameters?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (query, faults, others) = (context.Request.Query, new Faults(), new Faults());
        var asked = new StatsQuery(
            query.Day("from", faults),
            query.Day("until", faults),
            PageQuery.Number(query, "window", StatsQuery.WindowMax, faults) ?? StatsQuery.WindowDefault,
            query.Day("compareFrom", faults),
            query.Day("compareUntil", faults));
        asked.Check(others);
        query.RefuseFilters(faults);
        faults.AddOthers(others);
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<StatsParameters?>(new StatsParameters(asked));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter(
            "from", "The first day, such as 2030-01-31; 30 days before `until` unless given."));
        builder.Metadata.Add(new QueryParameter("until", "The day after the last; tomorrow unless given."));
        builder.Metadata.Add(new QueryNumber(
            "window", "Days of the moving average.", 1, StatsQuery.WindowMax, StatsQuery.WindowDefault));
        builder.Metadata.Add(new QueryParameter("compareFrom", "The first day of a range to compare with."));
        builder.Metadata.Add(new QueryParameter("compareUntil", "The day after its last."));
    }
}
