using Gatehouse.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Foundation.Http;

/// <summary>Tells of JSON what its converters hide, and that what is null is left out of an answer.</summary>
internal sealed class OpenApiSchemas : IOpenApiSchemaTransformer
{
    /// <summary>A field of a merge-patch stands where it is used, as the type it holds.</summary>
    public static bool IsInline(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (IsInline(type))
        {
            type = type.GetGenericArguments()[0];
            Unwrap(schema);
        }

        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type = type == typeof(DateTimeOffset)
                ? JsonSchemaType.String
                : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }

        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        foreach (var property in context.JsonTypeInfo.Properties.Where(property => property.IsGetNullable))
        {
            schema.Required?.Remove(property.Name);
        }

        return Task.CompletedTask;
    }

    private static void Unwrap(OpenApiSchema schema)
    {
        var given = schema.Properties?["given"];
        schema.Type = given?.Type | JsonSchemaType.Null;
        schema.Format = given?.Format;
        schema.Properties = null;
        schema.AdditionalPropertiesAllowed = true;
    }
}
