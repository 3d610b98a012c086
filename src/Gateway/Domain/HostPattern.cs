namespace Gatehouse.Gateway.Domain;

/// <summary>
/// <c>api.example.org</c>, or <c>*.example.org</c> for every name below it but not itself. Without port; case does not
/// matter.
/// </summary>
internal sealed record HostPattern
{
    public const int CharactersMax = 253;

    private HostPattern(string text, bool isWildcard)
    {
        Text = text;
        IsWildcard = isWildcard;
    }

    /// <summary>In lower case.</summary>
    public string Text { get; }

    public bool IsWildcard { get; }

    /// <summary>What follows <c>*</c>, with its dot; the name itself where there is none.</summary>
    public string Name => IsWildcard ? Text[1..] : Text;

    /// <summary>Null when it is none; <paramref name="fault"/> says why.</summary>
    public static HostPattern? Parse(string text, out string? fault)
    {
        var isWildcard = text.StartsWith("*.", StringComparison.Ordinal);
        var name = isWildcard ? text[2..] : text;
        fault = FaultOf(name, isWildcard);
        return fault is null ? new HostPattern(text.ToLowerInvariant(), isWildcard) : null;
    }

    /// <summary>Without port, and without the dot that a name may end with.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> authority)
    {
        var port = authority.LastIndexOf(':');
        var name = port > authority.LastIndexOf(']') ? authority[..port] : authority;
        return name.Length > 1 && name[^1] == '.' ? name[..^1] : name;
    }

    public bool Matches(ReadOnlySpan<char> host) => IsWildcard
        ? host.Length > Name.Length && host.EndsWith(Name, StringComparison.OrdinalIgnoreCase)
        : host.Equals(Text, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;

    private static string? FaultOf(string name, bool isWildcard)
    {
        if (name.Length is 0 or > CharactersMax)
        {
            return $"a host has 1 to {CharactersMax} characters";
        }

        if (name.StartsWith('[') && name.EndsWith(']') && !isWildcard)
        {
            return System.Net.IPAddress.TryParse(name[1..^1], out _) ? null : "this is no IPv6 address";
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            return "a host is written without scheme and port";
        }

        if (name.Contains('*', StringComparison.Ordinal))
        {
            return "a star stands for whole names in front, as in *.example.org";
        }

        return name.Split('.').All(IsLabel)
            ? null
            : "a host is letters, digits and hyphens between dots; names of other scripts in their xn-- form";
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') &&
        label[0] != '-' && label[^1] != '-';
}
