using Gatehouse.Contracts.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Authentication;

public static class BearerAuthentication
{
    public const string Scheme = "Bearer";
    private const int KeysTimeoutSeconds = 5;

    /// <summary>
    /// Access tokens for <c>UseAuthentication</c> and <c>UseAuthorization</c>. The keys come from the identity module
    /// where this process serves it, else from <see cref="TokenOptions.KeysUrl"/>.
    /// </summary>
    public static IServiceCollection AddBearerAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenKeys>(RemoteKeys);
        services.AddSingleton<TokenVerifier>();
        // Not AddAuthentication: it would bring the data protection key ring, which nothing here uses.
        services.AddAuthenticationCore(options => options.DefaultScheme = Scheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, BearerHandler>(Scheme, null);
        services.AddAuthorization(Policies.Add);
        return services;
    }

    private static TokenKeysClient RemoteKeys(IServiceProvider provider)
    {
        var url = provider.GetRequiredService<TokenOptions>().KeysUrl ?? throw new InvalidOperationException(
            "GATEHOUSE_TOKENS__KEYSURL is required where the identity module is not served.");
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(KeysTimeoutSeconds),
        };
        return new TokenKeysClient(http, new Uri(url), provider.GetRequiredService<TimeProvider>());
    }
}
