namespace Gatehouse.Gateway.Domain;

internal enum SegmentKind
{
    Literal,
    Parameter,
    Rest,
}

/// <param name="Text">The literal, or the name of the parameter.</param>
internal readonly record struct PathSegment(SegmentKind Kind, string Text);

/// <summary>
/// <c>/orders/{id}/items/{**rest}</c>: a parameter takes one whole segment that is not empty; <c>**</c> stands last
/// and takes all that follows, nothing included. It is matched against the canonical path, with regard to case.
/// </summary>
internal sealed record PathPattern
{
    public const int ParametersMax = 8;
    public const int SegmentsMax = 32;
    public const int CharactersMax = 1_024;

    private PathPattern(string text, IReadOnlyList<PathSegment> segments)
    {
        Text = text;
        Segments = segments;
        Parameters = [.. segments.Where(s => s.Kind != SegmentKind.Literal).Select(s => s.Text)];
    }

    public string Text { get; }

    public IReadOnlyList<PathSegment> Segments { get; }

    /// <summary>Names in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Null when it is none: <paramref name="fault"/> says why and at which character.</summary>
    public static PathPattern? Parse(string text, out (int At, string Reason)? fault)
    {
        fault = FaultOf(text);
        if (fault is not null)
        {
            return null;
        }

        var segments = new List<PathSegment>();
        var at = 1;
        foreach (var part in text[1..].Split('/'))
        {
            var segment = SegmentOf(part, out var reason);
            reason ??= segments.Count > 0 && segments[^1].Kind == SegmentKind.Rest
                ? "nothing may follow {**…}"
                : null;
            reason ??= segment.Kind != SegmentKind.Literal &&
                segments.Any(s => s.Kind != SegmentKind.Literal && s.Text == segment.Text)
                    ? $"the parameter {segment.Text} occurs twice"
                    : null;
            if (reason is not null)
            {
                fault = (at, reason);
                return null;
            }

            segments.Add(segment);
            at += part.Length + 1;
        }

        var pattern = new PathPattern(text, segments);
        fault = segments.Count > SegmentsMax ? (0, $"a path has {SegmentsMax} segments at most")
            : pattern.Parameters.Count > ParametersMax ? (0, $"a path has {ParametersMax} parameters at most")
            : null;
        return fault is null ? pattern : null;
    }

    public override string ToString() => Text;

    private static (int At, string Reason)? FaultOf(string text)
    {
        if (text.Length == 0 || text[0] != '/')
        {
            return (0, "a path begins with /");
        }

        if (text.Length > CharactersMax)
        {
            return (0, $"a path has {CharactersMax} characters at most");
        }

        var strange = text.AsSpan().IndexOfAny("?#\\");
        if (strange < 0)
        {
            strange = text.AsSpan().IndexOfAnyInRange('\0', ' ');
        }

        if (strange >= 0)
        {
            return (strange, $"a path cannot hold U+{(int)text[strange]:X4}");
        }

        var empty = text.IndexOf("//", StringComparison.Ordinal);
        return empty < 0 ? null : (empty + 1, "a path holds no empty segment, but for the last");
    }

    private static PathSegment SegmentOf(string part, out string? reason)
    {
        reason = null;
        if (part.Length > 1 && part[0] == '{' && part[^1] == '}')
        {
            var isRest = part.StartsWith("{**", StringComparison.Ordinal);
            var name = isRest ? part[3..^1] : part[1..^1];
            if (name.Length is 0 or > 32 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                reason = "a parameter is {name} or {**name}, of 1 to 32 letters and digits";
            }

            return new PathSegment(isRest ? SegmentKind.Rest : SegmentKind.Parameter, name);
        }

        if (part is "." or "..")
        {
            reason = "a path holds no . and no ..: requests are matched when these are resolved";
        }
        else if (part.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            reason = "a parameter takes a whole segment: /{name}/";
        }
        else if (IsEncoded(part))
        {
            reason = "a path is written as it reads: é, not %C3%A9";
        }
        else if (part.Contains(';', StringComparison.Ordinal))
        {
            reason = "a path is matched without what follows a ; in a segment";
        }
        else if (part.Contains('*', StringComparison.Ordinal))
        {
            reason = "a star has no meaning here: write {name} for one segment, {**rest} for all that follow";
        }

        return new PathSegment(SegmentKind.Literal, part);
    }

    private static bool IsEncoded(string part)
    {
        var at = part.IndexOf('%', StringComparison.Ordinal);
        // These two stay encoded in the canonical form, since they mean something else than what they encode.
        return at >= 0 && !part.AsSpan(at).StartsWith("%2F") && !part.AsSpan(at).StartsWith("%25");
    }
}
