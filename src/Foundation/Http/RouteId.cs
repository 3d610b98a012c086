using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Binds the id of a path. What is not a UUID becomes one that nothing has, so a malformed id takes the way of an
/// unknown one and is answered by the same words, whatever else is wrong with the request.
/// </summary>
public readonly record struct RouteId(Guid Value) : IEndpointParameterMetadataProvider
{
    /// <summary>Never fails: <see cref="Guid.Empty"/> is no UUIDv7, so it is nobody's.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out RouteId id)
    {
        id = new RouteId(Guid.TryParseExact(text, "D", out var value) ? value : Guid.Empty);
        return true;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new PathId(parameter.Name!));
}
