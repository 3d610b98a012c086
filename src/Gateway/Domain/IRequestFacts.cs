namespace Gatehouse.Gateway.Domain;

/// <summary>
/// What a route is chosen by. A struct implements it over the request, so that asking costs nothing; values are those
/// of the canonical request.
/// </summary>
internal interface IRequestFacts
{
    /// <summary>Without port; empty when the client named none.</summary>
    ReadOnlySpan<char> Host { get; }

    /// <summary>In canonical form: it begins with a slash, and holds no dot segments.</summary>
    ReadOnlySpan<char> Path { get; }

    string Method { get; }

    /// <summary>Whether a header is there and, unless <paramref name="value"/> is null, has that value.</summary>
    bool HasHeader(string name, string? value);

    /// <summary>The same of a parameter of the query.</summary>
    bool HasQuery(string name, string? value);
}
