using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Resilience;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Authentication;

public static class BearerAuthentication
{
    public const string Scheme = "Bearer";

    /// <summary>
    /// Access tokens for <c>UseAuthentication</c> and <c>UseAuthorization</c>. Keys and sessions are those of the
    /// identity module where this process serves it, else of the service at <see cref="TokenOptions.IdentityUrl"/>.
    /// </summary>
    public static IServiceCollection AddBearerAuthentication(this IServiceCollection services)
    {
        services.AddAccessTokens();
        // Not AddAuthentication: it would bring the data protection key ring, which nothing here uses.
        services.AddAuthenticationCore(options => options.DefaultScheme = Scheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, BearerHandler>(Scheme, null);
        services.AddAuthorization(Policies.Add);
        return services;
    }

    /// <summary>What checks them, and nothing that asks for them.</summary>
    internal static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDependencies();
        services.AddSingleton<RemoteIdentity>();
        services.TryAddSingleton<ITokenKeys>(provider => provider.GetRequiredService<RemoteIdentity>().Keys());
        services.TryAddSingleton<ISessionChecks>(provider => provider.GetRequiredService<RemoteIdentity>().Checks());
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton(provider => new AccessTokens(
            provider.GetRequiredService<TokenVerifier>(), provider.GetRequiredService<ISessionChecks>()));
        return services;
    }
}
