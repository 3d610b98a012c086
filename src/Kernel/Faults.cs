using System.Buffers;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>Collects what is wrong with each field, so that the sender hears everything at once.</summary>
public sealed class Faults
{
    private readonly SortedDictionary<string, List<string>> byField = new(StringComparer.Ordinal);

    public bool Any => byField.Count > 0;

    /// <summary>Fields at fault.</summary>
    public int Count => byField.Count;

    public void Add(string field, string message)
    {
        if (!byField.TryGetValue(field, out var messages))
        {
            byField[field] = messages = [];
        }

        messages.Add(message);
    }

    /// <summary>Takes over the faults of fields that are not at fault here already.</summary>
    public void AddOthers(Faults others)
    {
        foreach (var (field, messages) in others.byField)
        {
            byField.TryAdd(field, messages);
        }
    }

    /// <summary>Adds the message unless the condition holds; answers whether it holds.</summary>
    public bool Require(bool condition, string field, string message)
    {
        if (!condition)
        {
            Add(field, message);
        }

        return condition;
    }

    /// <summary>
    /// A trimmed text of <paramref name="min"/> to <paramref name="max"/> characters without control characters.
    /// </summary>
    public string Text(string field, string? value, int min, int max, bool multiline = false)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0 && min > 0)
        {
            Add(field, "is required");
        }
        else if (text.Length < min || text.Length > max)
        {
            Add(field, $"must have {min} to {max} characters, has {text.Length}");
        }

        foreach (var c in text)
        {
            if (char.IsControl(c) && !(multiline && c is '\n' or '\r' or '\t'))
            {
                Add(field, $"contains the control character U+{(int)c:X4}");
                break;
            }
        }

        if (!IsUnicode(text))
        {
            Add(field, "contains what is no character of Unicode");
        }

        return text;
    }

    public void Whole(string field, long value, long min, long max) =>
        Require(value >= min && value <= max, field, $"must be a whole number from {min} to {max}");

    public Problem ToProblem(ProblemCode? code = null) =>
        new(code ?? ProblemCodes.ValidationFailed, byField.Count == 1
            ? $"{byField.First().Key}: {byField.First().Value[0]}."
            : $"{byField.Count} fields are at fault: {string.Join(", ", byField.Keys)}.")
        {
            Errors = byField.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal),
        };

    // Halves of surrogate pairs and noncharacters (U+FDD0 to U+FDEF, and the last two of each plane) cannot be stored
    // or compared the same everywhere.
    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done ||
                rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
