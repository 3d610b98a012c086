using System.Globalization;
using System.Reflection;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Binds <c>?page=&amp;limit=</c> or <c>?cursor=&amp;limit=</c>; 400 <c>invalid_query</c> names every fault.
/// </summary>
public sealed record PageQuery(PageRequest Request) : IEndpointParameterMetadataProvider
{
    // OFFSET reads what it skips.
    private const int DepthMax = 10_000;

    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var limit = Number(query, "limit", PageRequest.LimitMax, faults) ?? PageRequest.LimitDefault;
        var page = Number(query, "page", PageRequest.NumberMax, faults);
        Cursor? cursor = null;
        if (query.ContainsKey("cursor"))
        {
            faults.Require(page is null, "cursor", "cannot be combined with page");
            cursor = Place(query, faults);
        }
        else
        {
            page ??= 1;
        }

        faults.Require(
            page is null || page.Value * limit <= DepthMax,
            "page",
            $"reaches past {DepthMax} entries; use cursor for depth");
        if (faults.Any)
        {
            throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        return ValueTask.FromResult<PageQuery?>(new PageQuery(new PageRequest(limit, page, cursor)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryNumber(
            "limit", "Items at most.", 1, PageRequest.LimitMax, PageRequest.LimitDefault));
        builder.Metadata.Add(new QueryNumber(
            "page",
            "Page by number; 1 unless given. Past 10,000 entries and for depth use `cursor`, never both.",
            1,
            PageRequest.NumberMax));
        builder.Metadata.Add(new QueryParameter(
            "cursor", "Empty to start, then the `nextCursor` of the answer before. Not with `page`."));
    }

    public static Cursor? Place(IQueryCollection query, Faults faults)
    {
        Cursor? cursor = null;
        var text = query["cursor"].ToString();
        faults.Require(
            text.Length == 0 || Cursor.TryParse(text, out cursor), "cursor", "is not one this list has given");
        return cursor;
    }

    public static int? Number(IQueryCollection query, string name, int max, Faults faults)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) &&
            number >= 1 && number <= max)
        {
            return number;
        }

        faults.Add(name, $"must be a whole number from 1 to {max}");
        return null;
    }
}
