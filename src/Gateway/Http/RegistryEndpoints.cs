using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Registry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Http;

internal static class RegistryEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    // With a key or a permission of an account; a key is nobody's account.
    private static readonly CredentialHeader Key = new(
        "registryKey", ServiceRegistryClient.KeyHeader, "A key of the gateway's registry, for services.")
    {
        ElseRole = true,
    };

    /// <summary>A whole fleet may come from one address; who has no key is counted as everywhere.</summary>
    public static readonly LimitPolicy FleetLimit = new(
        "registry", LimitBy.Address, LimitAlgorithm.SlidingWindow, 30_000, TimeSpan.FromMinutes(1))
    {
        PerInstance = true,
    };

    public static void MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        var registry = endpoints.MapGroup("/gateway/registry").WithTags("Gateway");
        registry.MapGet("", List).RequireAuthorization(Permissions.OperationsView).WithName("listRegisteredServices")
            .WithSummary("Servers that registered and are asked by this gateway, by cluster and id; by page only.");

        var services = registry.MapGroup("").RequireLimit(FleetLimit.Name)
            .RequireAuthorization(policy => policy.RequireAssertion(MayRegister))
            .WithMetadata(Key, new RequestSizeLimitAttribute(BodyBytesMax));
        services.MapPost("", Register).WithName("registerService")
            .WithSummary("Adds a server to a cluster for as long as it renews its lease; in force when answered.");
        services.MapPut("/{cluster}/{id}/heartbeat", Renew).WithName("renewServiceLease")
            .WithSummary("Another lease from now on; 404 when it had run out: then it registers again.");
        services.MapDelete("/{cluster}/{id}", Deregister).WithName("deregisterService")
            .WithSummary("Takes a server out: it gets no new request.");
    }

    private static Results<Ok<ListAnswer<RegisteredService>>, ProblemResult> List(
        PageQuery page, RegistryQuery query, RegistryService registry)
    {
        var listed = registry.List(page.Request, query.Cluster, query.Tag);
        return listed.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(listed.Value);
    }

    private static async Task<Results<Created<RegisteredService>, ProblemResult>> Register(
        JsonBody<RegisterService> body, IServiceRegistry registry, CancellationToken cancellation)
    {
        var registered = await registry.Register(body.Value, cancellation);
        return registered.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created(
                $"/gateway/registry/{registered.Value.Cluster}/{registered.Value.Id}", registered.Value);
    }

    private static async Task<Results<Ok<ServiceLease>, ProblemResult>> Renew(
        string cluster, string id, IServiceRegistry registry, CancellationToken cancellation)
    {
        var renewed = await registry.Renew(cluster, id, cancellation);
        return renewed.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(renewed.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Deregister(
        string cluster, string id, IServiceRegistry registry, CancellationToken cancellation)
    {
        var gone = await registry.Deregister(cluster, id, cancellation);
        return gone.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static bool MayRegister(AuthorizationHandlerContext context) =>
        context.User.CallerOrNull()?.Role.May(Permissions.OperationsManage) == true ||
        (context.Resource is HttpContext http && HoldsKey(http));

    private static bool HoldsKey(HttpContext http)
    {
        var sent = http.Request.Headers[ServiceRegistryClient.KeyHeader];
        if (sent.Count != 1)
        {
            return false;
        }

        // Of one length and all of them compared: how long it takes says nothing of how near a guess is.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(sent.ToString()));
        var isOne = false;
        foreach (var key in http.RequestServices.GetRequiredService<GatewayOptions>().RegistryKey)
        {
            isOne |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        }

        return isOne;
    }
}
