using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Domain;

/// <summary>What a route is chosen by, said outright.</summary>
internal readonly struct FakeRequest(string target, string method = "GET", string host = "", string headers = "")
    : IRequestFacts
{
    private readonly string path = target.Split('?')[0];

    public ReadOnlySpan<char> Host => host;

    public ReadOnlySpan<char> Path => path;

    public string Method => method;

    public bool HasHeader(string name, string? value) =>
        Has(headers.Split(';'), name, value, StringComparison.OrdinalIgnoreCase);

    public bool HasQuery(string name, string? value) =>
        Has(target.Split('?').ElementAtOrDefault(1)?.Split('&') ?? [], name, value, StringComparison.Ordinal);

    private static bool Has(string[] pairs, string name, string? value, StringComparison comparison) =>
        pairs.Select(pair => pair.Split('=')).Any(pair =>
            pair[0].Equals(name, comparison) && (value is null || pair.ElementAtOrDefault(1) == value));
}
