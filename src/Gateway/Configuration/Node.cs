namespace Gatehouse.Gateway.Configuration;

/// <summary>A value of the document and where it stands.</summary>
internal abstract class Node(Place at, string path)
{
    public Place At { get; } = at;

    /// <summary>From the root, by keys and places in lists: <c>routes.orders.match.methods[1]</c>.</summary>
    public string Path { get; } = path;

    /// <summary>In words, for a message.</summary>
    public abstract string Sort { get; }
}

/// <summary>What is refused already; nothing more is said of it.</summary>
internal sealed class LostNode(Place at, string path) : Node(at, path)
{
    public override string Sort => "nothing";
}

/// <param name="isPlain">Written without quotes.</param>
internal sealed class ScalarNode(Place at, string path, string text, bool isPlain) : Node(at, path)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Sort => IsPlain ? "a single value" : "text";
}

internal sealed class ListNode(Place at, string path, IReadOnlyList<Node> items) : Node(at, path)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override string Sort => "a list";
}

/// <summary>Keys in the order they are written; each once.</summary>
internal sealed class MapNode(Place at, string path, IReadOnlyList<Entry> entries) : Node(at, path)
{
    public IReadOnlyList<Entry> Entries { get; } = entries;

    public override string Sort => "keys with values";
}

/// <param name="At">Of the key.</param>
internal readonly record struct Entry(string Key, Place At, Node Value);
