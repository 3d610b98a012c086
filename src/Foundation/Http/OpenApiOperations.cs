using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// What the API description says of one operation beyond its handler's signature: the parameters that binding types
/// read, whether it needs a token, its headers and its failures. All of it is endpoint metadata.
/// </summary>
internal sealed class OpenApiOperations : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in metadata.OfType<RequestParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(Describe(parameter));
        }

        foreach (var id in operation.Parameters?.OfType<OpenApiParameter>().Where(IsId) ?? [])
        {
            id.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
        }

        operation.Security = Security(metadata, context.Document);
        operation.Responses ??= [];
        AddHeaders(operation.Responses, [.. metadata.OfType<AnswerHeader>()]);
        OpenApiProblems.AddTo(operation.Responses, metadata, context.Document);
        return Task.CompletedTask;

        bool IsId(OpenApiParameter parameter) => parameter.In == ParameterLocation.Path &&
            metadata.OfType<PathId>().Any(id => id.Name == parameter.Name);
    }

    private static OpenApiParameter Describe(RequestParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter is HeaderParameter ? ParameterLocation.Header : ParameterLocation.Query,
        Description = parameter.Description,
        Schema = parameter switch
        {
            QueryNumber number => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = number.Min.ToString(CultureInfo.InvariantCulture),
                Maximum = number.Max.ToString(CultureInfo.InvariantCulture),
                Default = number.Default is { } value ? JsonValue.Create(value) : null,
            },
            HeaderParameter { Pattern: var pattern } => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = pattern,
            },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    private static List<OpenApiSecurityRequirement>? Security(IList<object> metadata, OpenApiDocument? document)
    {
        var bearer = new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(OpenApiAbout.Bearer, document)] = [],
        };
        if (metadata.OfType<CredentialHeader>().FirstOrDefault() is { } header)
        {
            OpenApiAbout.Add(document, header);
            return [bearer, new() { [new OpenApiSecuritySchemeReference(header.Scheme, document)] = [] }];
        }

        return metadata.OfType<IAuthorizeData>().Any() ? [bearer]
            : metadata.OfType<OptionalToken>().Any() ? [new OpenApiSecurityRequirement(), bearer]
            : null;
    }

    private static void AddHeaders(OpenApiResponses responses, IReadOnlyList<AnswerHeader> headers)
    {
        foreach (var (status, answer) in responses.Where(response => response.Key[0] == '2'))
        {
            var all = status == "201" ? headers.Prepend(AnswerHeader.Location) : headers;
            ((OpenApiResponse)answer).Headers = all.ToDictionary(
                header => header.Name,
                IOpenApiHeader (header) => new OpenApiHeader
                {
                    Description = header.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
                StringComparer.Ordinal);
        }
    }
}
