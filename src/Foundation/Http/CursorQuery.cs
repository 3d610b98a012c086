using System.Reflection;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Binds <c>?cursor=&amp;limit=</c> for a list that has no pages by number; 400 <c>invalid_query</c> names every fault.
/// </summary>
public sealed record CursorQuery(PageRequest Request) : IEndpointParameterMetadataProvider
{
    public static ValueTask<CursorQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var limit = PageQuery.Number(query, "limit", PageRequest.LimitMax, faults) ?? PageRequest.LimitDefault;
        var after = PageQuery.Place(query, faults);
        faults.Require(!query.ContainsKey("page"), "page", "is not offered here; use cursor for what follows");
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<CursorQuery?>(new CursorQuery(new PageRequest(limit, null, after)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryNumber(
            "limit", "Items at most.", 1, PageRequest.LimitMax, PageRequest.LimitDefault));
        builder.Metadata.Add(new QueryParameter("cursor", "The `nextCursor` of the answer before."));
    }
}
