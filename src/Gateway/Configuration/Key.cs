namespace Gatehouse.Gateway.Configuration;

/// <summary>One key of the file.</summary>
internal abstract class Key(string name, string about)
{
    public string Name => name;

    /// <summary>For the reference: a sentence.</summary>
    public string About => about;

    public bool IsRequired { get; init; }

    /// <summary>Of a required one, for a hint.</summary>
    public string Example { get; init; } = "…";

    /// <summary>In words, where nothing is written; empty where that means nothing is done.</summary>
    public string Otherwise { get; init; } = "";

    public abstract Kind Kind { get; }
}

internal sealed class Key<T>(string name, Kind<T> kind, string about) : Key(name, about)
{
    public override Kind Kind => kind;
}

/// <summary>What was read of one place.</summary>
internal sealed class Bound(MapNode node)
{
    private readonly Dictionary<Key, (Entry Entry, object? Value)> values = [];

    public MapNode Node { get; } = node;

    public string Path => Node.Path;

    /// <summary>Where the key is written, else the place that would hold it.</summary>
    public Place KeyAt(Key key) => values.TryGetValue(key, out var found) ? found.Entry.At : Node.At;

    public Node? NodeOf(Key key) => values.TryGetValue(key, out var found) ? found.Entry.Value : null;

    public bool Has(Key key) => values.ContainsKey(key);

    /// <summary>Written, but not to be read: the fault is told already.</summary>
    public bool IsFaulty(Key key) => values.TryGetValue(key, out var found) && found.Value is null;

    public void Note(Key key, Entry entry, object? value) => values[key] = (entry, value);

    /// <summary>Null where it is not written or at fault.</summary>
    public T? Find<T>(Key<T> key)
        where T : class => values.TryGetValue(key, out var found) ? (T?)found.Value : null;

    /// <summary>The same of numbers and the like.</summary>
    public T? Value<T>(Key<T> key)
        where T : struct => values.TryGetValue(key, out var found) ? (T?)found.Value : null;
}
