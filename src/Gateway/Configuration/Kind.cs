using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>
/// What a value may be. It is said once, and from it come reading, the JSON Schema and the page of reference.
/// </summary>
internal abstract class Kind
{
    /// <summary>In a few words: <c>duration, 1ms to 1h</c>.</summary>
    public abstract string Label { get; }

    public abstract JsonObject Schema();

    /// <summary>The objects within, for the reference.</summary>
    public virtual IEnumerable<ObjectKind> Objects => [];

    /// <summary>Null when it is at fault, and the fault is told.</summary>
    public abstract object? ReadAny(Node node, ReadingContext context);
}

internal abstract class Kind<T> : Kind
{
    public override object? ReadAny(Node node, ReadingContext context) =>
        TryRead(node, context, out var value) ? value : null;

    public abstract bool TryRead(Node node, ReadingContext context, out T value);

    protected static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;
}

/// <summary>What reading needs beside the document.</summary>
/// <param name="Folder">Of the file: what it names is found from here.</param>
/// <param name="Now">Null: what depends on the time is not looked at.</param>
internal sealed record ReadingContext(
    FileFaults Faults, Placeholders Placeholders, string Folder, DateTimeOffset? Now = null);
