using System.Reflection;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Audit;

/// <summary>Which rows an administrator asks for; null asks for any.</summary>
internal sealed record AuditQuery : IEndpointParameterMetadataProvider
{
    private const int TextCharactersMax = 200;

    public string? Module { get; private init; }

    public string? Action { get; private init; }

    public string? Object { get; private init; }

    public Guid? Actor { get; private init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset From { get; private init; }

    /// <summary>Before.</summary>
    public DateTimeOffset To { get; private init; }

    public Cursor? After { get; private init; }

    public int Limit { get; private init; }

    public static ValueTask<AuditQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var modules = context.RequestServices.GetServices<MigratedDatabase>().Select(d => d.Database.Name).ToList();
        var read = new AuditQuery
        {
            Module = query.Text("module", TextCharactersMax, faults),
            Action = query.Text("action", TextCharactersMax, faults),
            Object = query.Text("object", TextCharactersMax, faults),
            Actor = query.Parsed("actor", faults, "must be the id of an account", text =>
                Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null),
            From = query.Time("from", faults) ?? DateTimeOffset.UnixEpoch,
            To = query.Time("to", faults) ?? DateTimeOffset.MaxValue.ToMicroseconds(),
            Limit = PageQuery.Number(query, "limit", PageRequest.LimitMax, faults) ?? PageRequest.LimitDefault,
            After = PageQuery.Place(query, faults),
        };
        faults.Require(
            read.Module is null || modules.Contains(read.Module),
            "module",
            $"must be one that is served here: {string.Join(", ", modules)}");
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<AuditQuery?>(read);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryNumber(
            "limit", "Rows at most.", 1, PageRequest.LimitMax, PageRequest.LimitDefault));
        builder.Metadata.Add(new QueryParameter("cursor", "The `nextCursor` of the answer before."));
        builder.Metadata.Add(new QueryParameter("module", "Only this module's rows."));
        builder.Metadata.Add(new QueryParameter("action", "Only this action, such as `event.cancelled`."));
        builder.Metadata.Add(new QueryParameter("object", "Only what was done to this, such as `event/` and its id."));
        builder.Metadata.Add(new QueryParameter("actor", "Only what this account did, by its id."));
        builder.Metadata.Add(new QueryParameter("from", "Not before this time (ISO 8601)."));
        builder.Metadata.Add(new QueryParameter("to", "Before this time (ISO 8601)."));
    }
}
