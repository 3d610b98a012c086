using System.Reflection;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Identity.Http;

/// <summary>Which accounts an administrator asks for.</summary>
internal sealed record UserQuery(UserFilter Filter, PageRequest Request) : IEndpointParameterMetadataProvider
{
    private const int SearchCharactersMax = 100;

    public static ValueTask<UserQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var filter = new UserFilter(
            query.TryGetValue("search", out var search)
                ? faults.Text("search", search.ToString(), 1, SearchCharactersMax)
                : null,
            RoleOf(query, faults),
            DisabledOf(query, faults));
        var limit = PageQuery.Number(query, "limit", PageRequest.LimitMax, faults) ?? PageRequest.LimitDefault;
        var after = PageQuery.Place(query, faults);
        if (faults.Any)
        {
            throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        return ValueTask.FromResult<UserQuery?>(new UserQuery(filter, new PageRequest(limit, null, after)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryNumber(
            "limit", "Accounts at most.", 1, PageRequest.LimitMax, PageRequest.LimitDefault));
        builder.Metadata.Add(new QueryParameter("cursor", "The `nextCursor` of the answer before."));
        builder.Metadata.Add(new QueryParameter("search", "How the address or the name begins, in any case."));
        builder.Metadata.Add(new QueryParameter("role", "Only `user`, `organizer` or `admin`."));
        builder.Metadata.Add(new QueryParameter("disabled", "`true`: only those; `false`: only the others."));
    }

    private static Role? RoleOf(IQueryCollection query, Faults faults)
    {
        var role = Role.User;
        return query.TryGetValue("role", out var text) && faults.Require(
            RoleNames.TryParse(text.ToString(), out role), "role", "must be user, organizer or admin")
            ? role
            : null;
    }

    private static bool? DisabledOf(IQueryCollection query, Faults faults)
    {
        var disabled = false;
        return query.TryGetValue("disabled", out var text) && faults.Require(
            bool.TryParse(text.ToString(), out disabled), "disabled", "must be true or false")
            ? disabled
            : null;
    }
}
