using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gatehouse.Gateway.Configuration;

/// <summary>
/// Reads YAML, and so JSON, into nodes with their places. Anchors, aliases and tags are refused, so that a small file
/// is a small document.
/// </summary>
internal sealed class NodeReader
{
    private const int DepthMax = 16;
    private const int NodesMax = 400_000;
    private const int KeyShown = 64;

    private readonly Scanner scanner;
    private readonly Parser parser;

    // Of [ and { that are not closed yet: the first thing to say where something goes wrong behind them.
    private readonly Stack<(char Bracket, long Line)> open = [];
    private readonly FileFaults faults;
    private int nodes;

    private NodeReader(string text, FileFaults faults)
    {
        scanner = new Scanner(new StringReader(text), skipComments: true);
        parser = new Parser(scanner);
        this.faults = faults;
    }

    /// <summary>Null after a fault that leaves nothing to look at.</summary>
    public static Node? Read(SourceText source, FileFaults faults)
    {
        var reader = new NodeReader(source.Text, faults);
        try
        {
            return reader.Document();
        }
        catch (YamlException failure)
        {
            var known = failure as UnreadableException;
            var at = known?.Place ?? PlaceOf(failure.Start, failure.Start);
            var rule = known?.Rule ?? Rules.BadSyntax;
            faults.Add(rule, at, "", Sentence(failure.Message), reader.HintFor(failure.Message));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner's own way to give up, on a colon in the second line of a text in brackets.
            var mark = reader.scanner.CurrentPosition;
            faults.Add(Rules.BadSyntax, PlaceOf(mark, mark), "", "a text in brackets goes on here",
                reader.HintFor(""));
            return null;
        }
    }

    private Node Document()
    {
        Next<StreamStart>();
        Next<DocumentStart>();
        parser.MoveNext();
        var root = Value("", depth: 0);
        Next<DocumentEnd>();
        parser.MoveNext();
        if (parser.Current is DocumentStart second)
        {
            faults.Add(Rules.MoreDocuments, PlaceOf(second.Start, second.End), "",
                "a second document begins here", "one file holds one document: take the --- away");
        }

        return root;
    }

    /// <summary>Leaves the parser on the event after the value.</summary>
    private Node Value(string path, int depth)
    {
        if (parser.Current is AnchorAlias alias)
        {
            Aliased(alias, path);
            parser.MoveNext();
            return new LostNode(PlaceOf(alias.Start, alias.End), path);
        }

        var node = parser.Current as NodeEvent ??
            throw Unreadable(Rules.BadSyntax, parser.Current, "a value is missing");
        if (++nodes > NodesMax)
        {
            throw Unreadable(Rules.TooManyNodes, node, $"there are more than {NodesMax} keys and values");
        }

        if (depth > DepthMax)
        {
            throw Unreadable(Rules.TooDeep, node, $"more than {DepthMax} levels in each other");
        }

        CheckPlain(node, path);
        return node switch
        {
            Scalar scalar => Single(scalar, path),
            SequenceStart => List(node, path, depth),
            MappingStart => Map(node, path, depth),
            _ => throw Unreadable(Rules.BadSyntax, node, "this is no YAML"),
        };
    }

    private void CheckPlain(NodeEvent node, string path)
    {
        if (!node.Anchor.IsEmpty)
        {
            Aliased(node, path);
        }

        if (!node.Tag.IsEmpty)
        {
            faults.Add(Rules.Tag, PlaceOf(node.Start, node.Start), path,
                $"the tag {node.Tag} is not read", "take it away: what a value is, its key says");
        }
    }

    private void Aliased(ParsingEvent node, string path) => faults.Add(
        Rules.Alias, PlaceOf(node.Start, node.Start), path,
        "anchors and aliases are not read", "write out what is meant, or make the file with a program");

    private ScalarNode Single(Scalar scalar, string path)
    {
        parser.MoveNext();
        return new ScalarNode(
            PlaceOf(scalar.Start, scalar.End), path, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private ListNode List(NodeEvent start, string path, int depth)
    {
        var isFlow = start is SequenceStart { Style: SequenceStyle.Flow };
        Open(isFlow, '[', start);
        parser.MoveNext();
        var items = new List<Node>();
        while (parser.Current is not SequenceEnd)
        {
            items.Add(Value($"{path}[{items.Count}]", depth + 1));
        }

        parser.MoveNext();
        Close(isFlow);
        return new ListNode(PlaceOf(start.Start, start.Start), path, items);
    }

    private MapNode Map(NodeEvent start, string path, int depth)
    {
        var isFlow = start is MappingStart { Style: MappingStyle.Flow };
        Open(isFlow, '{', start);
        parser.MoveNext();
        var entries = new List<Entry>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (parser.Current is not MappingEnd)
        {
            var key = parser.Current!;
            var at = PlaceOf(key.Start, key.End);
            var name = (Value(path, depth + 1) as ScalarNode)?.Text;
            var value = Value(name is null ? path : Below(path, name), depth + 1);
            if (name is null)
            {
                faults.Add(Rules.KeyNotText, at, path, "a key is text");
            }
            else if (seen.TryAdd(name, at.Line))
            {
                entries.Add(new Entry(name, at, value));
            }
            else
            {
                faults.Add(Rules.DuplicateKey, at, value.Path, $"{name} stands in line {seen[name]} already");
            }
        }

        parser.MoveNext();
        Close(isFlow);
        return new MapNode(PlaceOf(start.Start, start.Start), path, entries);
    }

    // Of a key of a megabyte the beginning is enough: every value below it has a path of its own.
    private static string Below(string path, string key)
    {
        var shown = key.Length > KeyShown ? key[..KeyShown] + "…" : key;
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    private void Next<TEvent>()
        where TEvent : ParsingEvent
    {
        // What stands there instead the parser itself refuses.
        if (parser.Current is not TEvent && !(parser.MoveNext() && parser.Current is TEvent))
        {
            throw Unreadable(Rules.BadSyntax, parser.Current, "the document ends before it is whole");
        }
    }

    private static UnreadableException Unreadable(Rule rule, ParsingEvent? at, string message) =>
        new(rule, at is null ? new Place(1, 1) : PlaceOf(at.Start, at.Start), message);

    private static Place PlaceOf(Mark start, Mark end)
    {
        var length = end.Line == start.Line ? end.Column - start.Column : 1;
        return new Place(
            (int)Math.Max(1, start.Line), (int)Math.Max(1, start.Column), (int)Math.Clamp(length, 1, 200));
    }

    private static string Sentence(string message)
    {
        var text = message.Trim().TrimEnd('.');
        return text.Length == 0 ? "this is no YAML" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private void Open(bool isFlow, char bracket, NodeEvent start)
    {
        if (isFlow)
        {
            open.Push((bracket, start.Start.Line));
        }
    }

    private void Close(bool isFlow)
    {
        if (isFlow)
        {
            open.Pop();
        }
    }

    private string? HintFor(string message) => message switch
    {
        _ when open.TryPeek(out var last) =>
            $"is the {last.Bracket} in line {last.Line} closed? Quote a path with parameters that stands in it",
        _ when message.Contains("mapping values", StringComparison.OrdinalIgnoreCase) =>
            "quote a text that holds ': '",
        _ when message.Contains("cannot start any token", StringComparison.OrdinalIgnoreCase) =>
            "quote a text that begins with @, ` or %",
        _ => null,
    };

    private sealed class UnreadableException(Rule rule, Place at, string message) : YamlException(message)
    {
        public Rule Rule { get; } = rule;

        public Place Place { get; } = at;
    }
}
