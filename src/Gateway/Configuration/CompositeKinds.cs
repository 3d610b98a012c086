using System.Globalization;
using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Several of one kind, in order.</summary>
internal sealed class ListKind<T>(Kind<T> item, int min, int max) : Kind<IReadOnlyList<T>>
{
    public override string Label => $"list of {min} to {max}: {item.Label}";

    public override IEnumerable<ObjectKind> Objects => item.Objects;

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = item.Schema(),
        ["minItems"] = min,
        ["maxItems"] = max,
        ["uniqueItems"] = true,
    };

    public override bool TryRead(Node node, ReadingContext context, out IReadOnlyList<T> value)
    {
        var items = new List<T>();
        value = items;
        if (node is not ListNode list)
        {
            var isNull = node is ScalarNode { IsNull: true };
            context.Faults.Add(isNull ? Rules.EmptyValue : Rules.WrongType, node,
                isNull ? "nothing is said; a list is wanted" : $"{node.Sort} where a list is wanted",
                !isNull && node is ScalarNode single ? $"write [{Shown(single.Text)}]" : null);
            return false;
        }

        if (list.Items.Count < min || list.Items.Count > max)
        {
            context.Faults.Add(Rules.OutOfRange, node, string.Create(
                CultureInfo.InvariantCulture, $"{list.Items.Count} entries where {min} to {max} are wanted"));
            return false;
        }

        var isWhole = true;
        var seen = new HashSet<T>();
        foreach (var entry in list.Items)
        {
            if (!item.TryRead(entry, context, out var one))
            {
                isWhole = false;
            }
            else if (seen.Add(one))
            {
                items.Add(one);
            }
            else
            {
                context.Faults.Add(Rules.DuplicateItem, entry, "this stands in the list already");
                isWhole = false;
            }
        }

        return isWhole;
    }
}

/// <summary>One value under a name.</summary>
/// <param name="Key">The name and where it stands.</param>
internal sealed record Named<T>(Entry Key, T Value);

/// <summary>Names of the file's own choice, each with a value of one kind.</summary>
/// <param name="name">What such a name is, in the reference: <c>id</c>.</param>
internal sealed class MapKind<T>(
    string name, Rule rule, Func<string, bool> isName, Kind<T> item, int max) : Kind<IReadOnlyList<Named<T>>>
{
    public override string Label => $"{name} → {item.Label}, {max} at most";

    public override IEnumerable<ObjectKind> Objects => item.Objects;

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = item.Schema(),
        ["maxProperties"] = max,
    };

    public override bool TryRead(Node node, ReadingContext context, out IReadOnlyList<Named<T>> value)
    {
        var items = new List<Named<T>>();
        value = items;
        if (node is not MapNode map)
        {
            var isNull = node is ScalarNode { IsNull: true };
            var wanted = $"{name} with value is wanted";
            context.Faults.Add(isNull ? Rules.EmptyValue : Rules.WrongType, node,
                isNull ? $"nothing is said; {wanted}" : $"{node.Sort} where {wanted}");
            return false;
        }

        if (map.Entries.Count > max)
        {
            context.Faults.Add(Rules.OutOfRange, node, $"there are more than {max}");
            return false;
        }

        foreach (var entry in map.Entries)
        {
            if (!isName(entry.Key))
            {
                context.Faults.Add(rule, entry.At, entry.Value.Path, $"{Shown(entry.Key)} is no {name}");
            }

            if (item.TryRead(entry.Value, context, out var one))
            {
                items.Add(new Named<T>(entry, one));
            }
        }

        // What could be read is looked at further, beside what could not.
        return true;
    }
}
