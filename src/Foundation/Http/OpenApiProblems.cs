using Gatehouse.Foundation.Limits;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Failures in the API description: one schema, what <see cref="ProblemDocument"/> writes, and an answer for each
/// status that an endpoint's metadata tells of. All others are the <c>default</c> answer.
/// </summary>
internal static class OpenApiProblems
{
    private const string Problem = "Problem";
    private const string Unauthenticated = "Unauthenticated";
    private const string Forbidden = "Forbidden";
    private const string RateLimited = "RateLimited";

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Problem, Schema());
        document.AddComponent(Problem, Response(
            document, "A failure; `code` says which.", "Retry-After", JsonSchemaType.Integer));
        document.AddComponent(Unauthenticated, Response(
            document, "No token, or not a valid one.", "WWW-Authenticate", JsonSchemaType.String));
        document.AddComponent(Forbidden, Response(document, "The role does not allow it."));
        document.AddComponent(RateLimited, Response(
            document, "Too many requests from this address or account.", "Retry-After", JsonSchemaType.Integer));
    }

    public static void AddTo(OpenApiResponses responses, IList<object> metadata, OpenApiDocument? document)
    {
        var demands = metadata.OfType<IAuthorizeData>().ToList();
        if (demands.Count > 0 || metadata.OfType<CredentialHeader>().Any())
        {
            responses["401"] = new OpenApiResponseReference(Unauthenticated, document);
        }

        if (demands.Any(demand => demand.Policy is not null) ||
            metadata.OfType<CredentialHeader>().Any(header => header.ElseRole))
        {
            responses["403"] = new OpenApiResponseReference(Forbidden, document);
        }

        if (!metadata.OfType<Unlimited>().Any())
        {
            responses["429"] = new OpenApiResponseReference(RateLimited, document);
        }

        responses["default"] = new OpenApiResponseReference(Problem, document);
    }

    private static OpenApiResponse Response(
        OpenApiDocument document, string description, string? header = null, JsonSchemaType type = default)
    {
        var response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemDocument.ContentType] = new() { Schema = new OpenApiSchemaReference(Problem, document) },
            },
        };
        if (header is not null)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                [header] = new OpenApiHeader { Schema = new OpenApiSchema { Type = type } },
            };
        }

        return response;
    }

    private static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A failure (RFC 9457). Some codes add a number of their own, such as `available`.",
        Required = new HashSet<string>(StringComparer.Ordinal)
        {
            "type", "title", "status", "detail", "code", "requestId", "traceId",
        },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("`urn:gatehouse:problem:` and the code.", "uri"),
            ["title"] = Text("What the code means, for people."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text("What happened this time, for people."),
            ["code"] = Text("Stable; what programs branch on."),
            ["requestId"] = Text("As in `X-Request-Id`; on every log line."),
            ["traceId"] = Text("Of the trace this request belongs to."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Field to messages, where fields are at fault.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text(null) },
            },
        },
    };

    private static OpenApiSchema Text(string? description, string? format = null) =>
        new() { Type = JsonSchemaType.String, Description = description, Format = format };
}
