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

        if (HasLoneSurrogate(text))
        {
            Add(field, "contains half of a surrogate pair");
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

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }
}
