using System.Globalization;
using System.Text;

namespace Gatehouse.Contracts.Gateway;

/// <summary>Looks at files of the gateway without serving them.</summary>
public interface IGatewayFiles
{
    /// <summary>JSON Schema (draft 2020-12) of the file, for editors.</summary>
    string Schema { get; }

    /// <summary>The page <c>docs/gateway-configuration.md</c>.</summary>
    string Reference { get; }

    /// <summary>All faults of a file at once, in the order they stand in it. It changes nothing.</summary>
    /// <param name="withValues">Whether variables and files that it asks for are to be there.</param>
    GatewayFileReport Check(string path, bool withValues);
}

/// <param name="File">As it was given.</param>
/// <param name="Routes">That could be read.</param>
/// <param name="Clusters">That could be read.</param>
/// <param name="Faults">None when the gateway would serve it.</param>
public sealed record GatewayFileReport(
    string File, int Routes, int Clusters, IReadOnlyList<GatewayFault> Faults)
{
    /// <summary>Every fault with its line and a caret under what is meant, for a person to read.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var fault in Faults)
        {
            text.Append(fault.ToText(File)).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Faults.Count} {(Faults.Count == 1 ? "fault" : "faults")}.")
            .ToString();
    }
}

/// <summary>One thing that is wrong with a file of the gateway.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">In characters, from 1.</param>
/// <param name="Length">Characters that are meant, on that line; at least 1.</param>
/// <param name="Path">Where in the document: <c>routes.orders.match.path</c>; empty for the whole.</param>
/// <param name="Rule">Stable; listed in docs/gateway-configuration.md.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would help, where that is known.</param>
/// <param name="Excerpt">The line, cut where it is long; absent where the file could not be read.</param>
/// <param name="Caret">Where in the excerpt <paramref name="Column"/> is, from 0.</param>
public sealed record GatewayFault(
    int Line,
    int Column,
    int Length,
    string Path,
    string Rule,
    string Message,
    string? Hint = null,
    string? Excerpt = null,
    int Caret = 0)
{
    /// <param name="file">What the place is in.</param>
    public string ToText(string file)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{file}:{Line}:{Column}: {Message} [{Rule}]\n");
        if (Excerpt is not null)
        {
            var number = Line.ToString(CultureInfo.InvariantCulture);
            var length = Math.Clamp(Length, 1, Math.Max(1, Excerpt.Length - Caret));
            text.Append(CultureInfo.InvariantCulture, $"  {number} | {Excerpt}\n");
            text.Append(' ', number.Length + 2).Append(" | ").Append(' ', Caret).Append('^', length).Append('\n');
        }

        if (Hint is not null)
        {
            text.Append("    hint: ").Append(Hint).Append('\n');
        }

        return text.ToString();
    }
}
