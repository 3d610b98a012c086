namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// HTTP through a dependency's breaker, for clients that know of HTTP alone: to them a refused or late call is a
/// <see cref="HttpRequestException"/> as any other. An answer of 500 or more speaks against the dependency.
/// </summary>
internal sealed class DependencyHandler(Dependency dependency, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await dependency.Run(
                async token =>
                {
                    var response = await base.SendAsync(request, token);
                    if ((int)response.StatusCode < 500)
                    {
                        return response;
                    }

                    using (response)
                    {
                        throw new HttpRequestException(
                            $"{dependency.Name} answered {(int)response.StatusCode}.", null, response.StatusCode);
                    }
                },
                cancellationToken);
        }
        catch (DependencyException exception)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
    }
}
