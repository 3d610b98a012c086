using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// Endpoint metadata: a session that ended a moment ago is refused too, as it is wherever a permission is asked for.
/// </summary>
internal sealed class CheckedAtOnce
{
    public static readonly CheckedAtOnce Instance = new();
}

public static class CheckedAtOnceRegistration
{
    /// <summary>Costs a look into the database for each request.</summary>
    public static TBuilder CheckSessionAtOnce<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(CheckedAtOnce.Instance);
}
