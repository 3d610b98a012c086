using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>A single value; <paramref name="parse"/> answers the value or why there is none.</summary>
/// <param name="label">In a few words.</param>
/// <param name="rule">Broken by what <paramref name="parse"/> refuses, where it names no other.</param>
/// <param name="schema">Members of its JSON Schema.</param>
internal sealed class ScalarKind<T>(
    string label, Rule rule, Func<string, ScalarParse<T>> parse, Func<JsonObject> schema) : Kind<T>
{
    public override string Label => label;

    /// <summary>Numbers and flags: in quotes they would be text, which in JSON is something else.</summary>
    public bool IsPlainOnly { get; init; }

    /// <summary><c>${…}</c> is read here.</summary>
    public bool TakesPlaceholders { get; init; }

    public override JsonObject Schema() => schema();

    public override bool TryRead(Node node, ReadingContext context, out T value)
    {
        value = default!;
        if (node is not ScalarNode { Text: var text } scalar)
        {
            context.Faults.Add(Rules.WrongType, node, $"{node.Sort} where {label} is wanted");
            return false;
        }

        if (scalar.IsNull)
        {
            context.Faults.Add(Rules.EmptyValue, node, $"nothing is said; {label} is wanted");
            return false;
        }

        if (IsPlainOnly && !scalar.IsPlain)
        {
            context.Faults.Add(Rules.WrongType, node, $"text where {label} is wanted", "take the quotes away");
            return false;
        }

        if (!Resolve(scalar, context, ref text))
        {
            return false;
        }

        var parsed = parse(text);
        if (parsed.Fault is not { } fault)
        {
            value = parsed.Value;
            return true;
        }

        // As it was written: what a placeholder stands for may be a secret. The character that is at fault, where the
        // text stands in the file as it is.
        var isExact = scalar.IsPlain && fault.At > 0 && text == scalar.Text;
        context.Faults.Add(
            fault.Rule ?? rule,
            isExact ? node.At with { Column = node.At.Column + fault.At, Length = 1 } : node.At,
            node.Path,
            fault.Reason.Replace("{0}", Shown(scalar.Text), StringComparison.Ordinal),
            fault.Hint);
        return false;
    }

    private bool Resolve(ScalarNode scalar, ReadingContext context, ref string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return true;
        }

        if (!TakesPlaceholders)
        {
            context.Faults.Add(Rules.BadPlaceholder, scalar, "${…} is not read here",
                "it is read in values of headers, and in addresses");
            return false;
        }

        if (context.Placeholders.Resolve(text) is not { } resolved)
        {
            return true;
        }

        if (resolved.Fault is { } fault)
        {
            context.Faults.Add(fault.Rule!, scalar, fault.Reason, fault.Hint);
            return false;
        }

        text = resolved.Value;
        return true;
    }
}

/// <summary>A value, or why there is none.</summary>
internal readonly record struct ScalarParse<T>(T Value, ScalarFault? Fault)
{
    public static implicit operator ScalarParse<T>(T value) => new(value, null);

    public static implicit operator ScalarParse<T>(ScalarFault fault) => new(default!, fault);
}

/// <param name="Reason"><c>{0}</c> in it stands for what was written.</param>
/// <param name="At">The character at fault, from 0.</param>
internal sealed record ScalarFault(string Reason, string? Hint = null, Rule? Rule = null, int At = 0);
