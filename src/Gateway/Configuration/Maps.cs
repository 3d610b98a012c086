namespace Gatehouse.Gateway.Configuration;

/// <summary>Places whose keys are names of the file's own choice.</summary>
internal static class Maps
{
    private const int IdMax = 64;

    public static MapKind<Bound> ById(ObjectKind item, int max) => new("id", Rules.BadId, IsId, item, max);

    public static MapKind<string> ByHeader(Kind<string> value) =>
        new("name of a header", Rules.BadHeaderName, Kinds.IsHeaderName, value, 50);

    private static bool IsId(string text) =>
        text.Length is > 0 and <= IdMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
