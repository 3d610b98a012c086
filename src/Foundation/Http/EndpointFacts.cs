using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Endpoint metadata: a parameter that is read by a binding type, so that the API description has it.
/// </summary>
public abstract record RequestParameter(string Name, string Description);

/// <summary>Text of the query string.</summary>
public record QueryParameter(string Name, string Description) : RequestParameter(Name, Description);

/// <summary>A whole number of the query string, and what it is when absent.</summary>
public sealed record QueryNumber(string Name, string Description, int Min, int Max, int? Default = null)
    : QueryParameter(Name, Description);

/// <summary>An optional request header; <paramref name="Pattern"/> is what it must look like.</summary>
public sealed record HeaderParameter(string Name, string Description, string? Pattern = null)
    : RequestParameter(Name, Description);

/// <summary>Endpoint metadata: the parameter of the path that is a UUID.</summary>
internal sealed record PathId(string Name);

/// <summary>Endpoint metadata: a header that answers of success carry.</summary>
public sealed record AnswerHeader(string Name, string Description)
{
    internal static readonly AnswerHeader Location = new("Location", "Where it is.");
    internal static readonly AnswerHeader ETag = new("ETag", "The version, for If-Match.");
}

/// <summary>Endpoint metadata: a header that is as good as a token; without either the answer is 401.</summary>
/// <param name="Scheme">Its name in the API description.</param>
public sealed record CredentialHeader(string Scheme, string Header, string Description)
{
    /// <summary>Without it not every account may call.</summary>
    public bool ElseRole { get; init; }
}

/// <summary>Endpoint metadata: anyone may call, and a token shows more.</summary>
public sealed class OptionalToken
{
    internal static readonly OptionalToken Instance = new();
}

public static class EndpointFactsRegistration
{
    public static TBuilder WithOptionalToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(OptionalToken.Instance);

    public static TBuilder WithETag<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AnswerHeader.ETag);
}
