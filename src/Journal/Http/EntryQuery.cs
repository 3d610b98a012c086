using System.Reflection;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Journal.Http;

/// <summary>Binds which entries are asked for; 400 <c>invalid_query</c> names every fault.</summary>
internal sealed record EntryQuery(EntryFilter Filter) : IEndpointParameterMetadataProvider
{
    private const int NameCharactersMax = 50;

    public static ValueTask<EntryQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var filter = new EntryFilter(
            query.Text("category", NameCharactersMax, faults),
            PageQuery.Number(query, "moodMin", EntryFilter.Best, faults) ?? EntryFilter.Worst,
            PageQuery.Number(query, "moodMax", EntryFilter.Best, faults) ?? EntryFilter.Best,
            query.Time("from", faults),
            query.Time("until", faults),
            query.Text("tag", NameCharactersMax, faults)?.ToLowerInvariant(),
            query.Search("q", faults));
        faults.Require(filter.MoodMin <= filter.MoodMax, "moodMin", "must not be above moodMax");
        faults.Require(!(filter.From > filter.Until), "from", "must not be after until");
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<EntryQuery?>(new EntryQuery(filter));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("category", "Only this category."));
        builder.Metadata.Add(new QueryNumber("moodMin", "Mood at least.", EntryFilter.Worst, EntryFilter.Best));
        builder.Metadata.Add(new QueryNumber("moodMax", "Mood at most.", EntryFilter.Worst, EntryFilter.Best));
        builder.Metadata.Add(new QueryParameter("from", "Not before this time (ISO 8601)."));
        builder.Metadata.Add(new QueryParameter("until", "Before this time (ISO 8601)."));
        builder.Metadata.Add(new QueryParameter("tag", "Only with this tag."));
        builder.Metadata.Add(new QueryParameter("q", "Words that are all in the text; the last may be begun."));
    }
}
