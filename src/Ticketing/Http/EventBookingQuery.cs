using System.Reflection;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Ticketing.Http;

/// <summary>Which bookings an organizer asks for.</summary>
internal sealed record EventBookingQuery(EventBookingFilter Filter, PageRequest Request)
    : IEndpointParameterMetadataProvider
{
    private const int SearchCharactersMax = 100;

    public static ValueTask<EventBookingQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var search = faults.Text("q", query["q"].ToString(), 0, SearchCharactersMax);
        var status = query["status"].ToString();
        faults.Require(
            status is "" or "held" or "confirmed" or "cancelled" or "expired",
            "status",
            "must be held, confirmed, cancelled or expired");
        var limit = PageQuery.Number(query, "limit", PageRequest.LimitMax, faults) ?? PageRequest.LimitDefault;
        var after = PageQuery.Place(query, faults);
        faults.Require(!query.ContainsKey("page"), "page", "is not offered here; use cursor for what follows");
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<EventBookingQuery?>(new EventBookingQuery(
                new EventBookingFilter(search.Length == 0 ? null : search, status.Length == 0 ? null : status),
                new PageRequest(limit, null, after)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryNumber(
            "limit", "Bookings at most.", 1, PageRequest.LimitMax, PageRequest.LimitDefault));
        builder.Metadata.Add(new QueryParameter("cursor", "The `nextCursor` of the answer before."));
        builder.Metadata.Add(new QueryParameter("q", "How code, e-mail address or name begins, in any case."));
        builder.Metadata.Add(new QueryParameter(
            "status", "Only `held`, `confirmed`, `cancelled` or `expired`."));
    }
}
