using System.Reflection;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Gateway.Http;

/// <summary>Which registered servers are asked for.</summary>
internal sealed record RegistryQuery(string? Cluster, string? Tag) : IEndpointParameterMetadataProvider
{
    private const int CharactersMax = 64;

    public static ValueTask<RegistryQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new Faults();
        var asked = new RegistryQuery(
            query.Text("cluster", CharactersMax, faults), query.Text("tag", CharactersMax, faults));
        return faults.Any
            ? throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery))
            : ValueTask.FromResult<RegistryQuery?>(asked);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("cluster", "Only those that registered under this name."));
        builder.Metadata.Add(new QueryParameter("tag", "Only those that have it."));
    }
}
