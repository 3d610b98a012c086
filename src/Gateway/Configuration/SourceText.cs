using System.Text;
using System.Text.Unicode;

namespace Gatehouse.Gateway.Configuration;

/// <summary>The bytes of a file as text, if they are text.</summary>
internal sealed class SourceText
{
    public const int BytesMax = 4 * 1024 * 1024;
    private const int ExcerptMax = 160;
    private const int ExcerptBefore = 60;

    private readonly string[] lines;

    private SourceText(string text)
    {
        Text = text;
        lines = text.Split('\n');
    }

    public string Text { get; }

    /// <summary>Its lines can be shown, also where they are not to be read.</summary>
    public static SourceText Read(ReadOnlySpan<byte> bytes, FileFaults faults)
    {
        if (bytes.Length > BytesMax)
        {
            faults.Add(Rules.FileTooLarge, new Place(1, 1), "",
                $"the file has {bytes.Length} bytes, {BytesMax} are read at most");
            return new SourceText("");
        }

        // A byte order mark says what is so anyway, and is no character of the file.
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (!Utf8.IsValid(bytes))
        {
            faults.Add(Rules.NotUtf8, FirstBad(bytes), "", "this byte is not UTF-8", "save the file as UTF-8");
            return new SourceText(Encoding.UTF8.GetString(bytes));
        }

        var source = new SourceText(Encoding.UTF8.GetString(bytes));
        if (string.IsNullOrWhiteSpace(source.Text))
        {
            faults.Add(Rules.FileEmpty, new Place(1, 1), "", "there is nothing in the file", "begin with routes:");
            return source;
        }

        source.FindControls(faults);
        source.FindTabs(faults);
        return source;
    }

    /// <summary>The line as it can be printed, and where in it the column is.</summary>
    public (string Text, int Caret) Excerpt(Place at)
    {
        var line = at.Line <= lines.Length ? lines[at.Line - 1].TrimEnd('\r') : "";
        var column = Math.Clamp(at.Column - 1, 0, line.Length);
        var from = line.Length <= ExcerptMax ? 0 : Math.Max(0, column - ExcerptBefore);
        var cut = line.Substring(from, Math.Min(ExcerptMax, line.Length - from));
        return (string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)), column - from);
    }

    private static Place FirstBad(ReadOnlySpan<byte> bytes)
    {
        var (line, column) = (1, 1);
        while (!bytes.IsEmpty && Rune.DecodeFromUtf8(bytes, out var rune, out var length) ==
            System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            bytes = bytes[length..];
        }

        return new Place(line, column);
    }

    private void FindControls(FileFaults faults)
    {
        foreach (var (index, line) in lines.Index())
        {
            for (var i = 0; i < line.Length; i++)
            {
                // A carriage return ends a line together with the line feed, and does nothing else.
                var isEnd = line[i] == '\r' && i == line.Length - 1;
                if ((char.IsControl(line[i]) && line[i] != '\t' && !isEnd) || line[i] is '\u2028' or '\u2029')
                {
                    faults.Add(Rules.ControlCharacter, new Place(index + 1, i + 1), "",
                        $"the control character U+{(int)line[i]:X4} stands here");
                    break;
                }
            }
        }
    }

    private void FindTabs(FileFaults faults)
    {
        // JSON may be indented as one likes.
        if (Text.AsSpan().TrimStart()[0] is '{' or '[')
        {
            return;
        }

        foreach (var (index, line) in lines.Index())
        {
            var indent = line.AsSpan().IndexOfAnyExcept(' ');
            if (indent >= 0 && line[indent] == '\t' && !string.IsNullOrWhiteSpace(line))
            {
                faults.Add(Rules.TabIndent, new Place(index + 1, indent + 1), "",
                    "a tab indents this line", "YAML is indented by spaces");
            }
        }
    }
}
