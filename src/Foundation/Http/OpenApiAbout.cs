using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Foundation.Http;

/// <summary>What the API description says of the whole: its title, how to sign in, how it fails.</summary>
internal sealed class OpenApiAbout : IOpenApiDocumentTransformer
{
    internal const string Bearer = "bearer";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Gatehouse",
            Version = "v1",
            Description = "Errors are application/problem+json with a stable `code`. Times are UTC, " +
                "money is in minor units.",
        };
        // Where the description comes from: it is the same for whatever name this is called by.
        document.Servers = [new OpenApiServer { Url = "/" }];

        Schemes(document)[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The accessToken of POST /auth/login.",
        };
        OpenApiProblems.AddTo(document);
        return Task.CompletedTask;
    }

    /// <summary>Another way to be known than a token.</summary>
    public static void Add(OpenApiDocument? document, CredentialHeader header)
    {
        if (document is not null)
        {
            Schemes(document)[header.Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = header.Header,
                Description = header.Description,
            };
        }
    }

    private static IDictionary<string, IOpenApiSecurityScheme> Schemes(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        return document.Components.SecuritySchemes ??=
            new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
    }
}
