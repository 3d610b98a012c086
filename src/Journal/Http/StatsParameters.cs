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
    // Lists have these, and an answer that left them out of account would be a wrong one.
    private static readonly string[] NotOffered = ["category", "tag", "moodMin", "moodMax"];

    /// <summary>The same for two that ask for the same.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Query.From:O}:{Query.Until:O}:{Query.Window}:{Query.CompareFrom:O}:{Query.CompareUntil:O}");

    public static ValueTask<StatsParameters?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (query, faults, others) = (context.Request.Query, new Faults(), new Faults());
        var asked = new StatsQuery(
            Day(query, "from", faults),
            Day(query, "until", faults),
            PageQuery.Number(query, "window", StatsQuery.WindowMax, faults) ?? StatsQuery.WindowDefault,
            Day(query, "compareFrom", faults),
            Day(query, "compareUntil", faults));
        asked.Check(others);
        foreach (var name in NotOffered)
        {
            faults.Require(!query.ContainsKey(name), name, "is not offered here");
        }

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

    private static DateOnly? Day(IQueryCollection query, string name, Faults faults) =>
        query.Parsed(name, faults, "must be a day such as 2030-01-31", text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : (DateOnly?)null);
}
