using System.Text;

namespace Gatehouse.Architecture.Tests;

/// <summary>Just enough of C#'s lexical grammar to tell code from comments and literals.</summary>
internal static class CSharpText
{
    public static string WithoutCommentsAndStrings(string text)
    {
        var code = new StringBuilder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            var end = EndOfCommentOrLiteral(text, i);
            if (end == i)
            {
                code.Append(text[i++]);
                continue;
            }

            // Something must stay in its place, so that words on both sides are not joined; and its line breaks.
            code.Append(text[i] == '/' ? " " : "\"\"").Append('\n', text.AsSpan(i, end - i).Count('\n'));
            i = end;
        }

        return code.ToString();
    }

    private static int EndOfCommentOrLiteral(string text, int i)
    {
        var rest = text.AsSpan(i);
        if (rest.StartsWith("//"))
        {
            return After(text, "\n", i, keep: 1);
        }

        if (rest.StartsWith("/*"))
        {
            return After(text, "*/", i + 2);
        }

        if (rest.StartsWith("'"))
        {
            return EndOfPlain(text, i + 1, '\'');
        }

        var prefix = rest.IndexOfAnyExcept('$', '@');
        if (prefix < 0 || rest[prefix] != '"')
        {
            return i;
        }

        var start = i + prefix;
        if (rest[..prefix].Contains('@'))
        {
            return EndOfVerbatim(text, start + 1);
        }

        var quotes = rest[prefix..].IndexOfAnyExcept('"');
        return quotes >= 3
            ? After(text, new string('"', quotes), start + quotes)
            : EndOfPlain(text, start + 1, '"');
    }

    private static int After(string text, string end, int from, int keep = 0)
    {
        var at = text.IndexOf(end, from, StringComparison.Ordinal);
        return at < 0 ? text.Length : at + end.Length - keep;
    }

    private static int EndOfPlain(string text, int i, char quote)
    {
        while (i < text.Length && text[i] != quote && text[i] != '\n')
        {
            i += text[i] == '\\' ? 2 : 1;
        }

        return Math.Min(i + 1, text.Length);
    }

    private static int EndOfVerbatim(string text, int i)
    {
        while (i < text.Length && (text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"')))
        {
            i += text[i] == '"' ? 2 : 1;
        }

        return Math.Min(i + 1, text.Length);
    }
}
