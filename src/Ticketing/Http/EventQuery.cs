using System.Globalization;
using System.Reflection;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Ticketing.Http;

/// <summary>Which events somebody asks for: <c>?q=&amp;from=&amp;until=&amp;mine=</c>.</summary>
internal sealed record EventQuery(EventFilter Filter, bool IsMine) : IEndpointParameterMetadataProvider
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static ValueTask<EventQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var search = query.Search("q", faults);
        var (from, until) = (Time(query, "from", faults), Time(query, "until", faults));
        faults.Require(!(from >= until), "until", "must be after from");
        var isMine = false;
        faults.Require(
            !query.TryGetValue("mine", out var mine) || bool.TryParse(mine.ToString(), out isMine),
            "mine",
            "must be true or false");
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<EventQuery?>(
                new EventQuery(new EventFilter(search, from, until), isMine));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter(
            "q", "Words that are all in name, venue, address or description; the last may be begun."));
        builder.Metadata.Add(new QueryParameter("from", "Only what ends after this time (ISO 8601)."));
        builder.Metadata.Add(new QueryParameter("until", "Only what starts before this time (ISO 8601)."));
        builder.Metadata.Add(new QueryParameter("mine", "`true`: your own, of any status; needs a token."));
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, Faults faults)
    {
        var time = default(DateTimeOffset);
        return query.TryGetValue(name, out var text) && faults.Require(
            DateTimeOffset.TryParseExact(
                text.ToString(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time),
            name,
            "must be a time such as 2030-01-31T18:00:00Z")
            ? time.ToMicroseconds()
            : null;
    }
}
