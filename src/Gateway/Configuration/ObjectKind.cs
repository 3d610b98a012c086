using System.Text.Json.Nodes;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Gateway.Configuration;

/// <summary>A place with keys of its own. What is read of it is a <see cref="Bound"/>, also where parts are at fault.
/// </summary>
/// <param name="name">A heading of the reference.</param>
internal sealed class ObjectKind(string name, string about, params Key[] keys) : Kind<Bound>
{
    public string Name => name;

    public string About => about;

    public IReadOnlyList<Key> Keys => keys;

    public override string Label => $"[{name}](#{name.Replace(' ', '-')})";

    public override IEnumerable<ObjectKind> Objects => keys.SelectMany(key => key.Kind.Objects).Prepend(this);

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            var schema = key.Kind.Schema();
            schema["description"] = key.About;
            properties.Add(key.Name, schema);
        }

        var schemaOfThis = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (keys.Any(key => key.IsRequired))
        {
            schemaOfThis["required"] = new JsonArray(
                [.. keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]);
        }

        return schemaOfThis;
    }

    public override bool TryRead(Node node, ReadingContext context, out Bound value)
    {
        value = null!;
        if (node is not MapNode map)
        {
            var isNull = node is ScalarNode { IsNull: true };
            var wanted = $"{string.Join(", ", keys.Take(4).Select(key => key.Name))}{(keys.Length > 4 ? " …" : "")}";
            context.Faults.Add(isNull ? Rules.EmptyValue : Rules.WrongType, node,
                $"{(isNull ? "nothing" : node.Sort)} where keys are wanted: {wanted}");
            return false;
        }

        value = new Bound(map);
        foreach (var entry in map.Entries)
        {
            if (Array.Find(keys, key => key.Name == entry.Key) is not { } key)
            {
                Unknown(entry, context);
                continue;
            }

            value.Note(key, entry, key.Kind.ReadAny(entry.Value, context));
        }

        foreach (var missing in keys.Where(key => key.IsRequired && !map.Entries.Any(e => e.Key == key.Name)))
        {
            context.Faults.Add(Rules.MissingKey, node,
                $"{missing.Name} is missing", $"add {missing.Name}: {missing.Example}");
        }

        return true;
    }

    private void Unknown(Entry entry, ReadingContext context)
    {
        var nearest = entry.Key.Length > 40 ? null : Spelling.Nearest(entry.Key, keys.Select(key => key.Name));
        context.Faults.Add(Rules.UnknownKey, entry.At, entry.Value.Path,
            $"{Shown(entry.Key)} is no key of {name}",
            nearest is null
                ? $"there are {string.Join(", ", keys.Select(key => key.Name))}"
                : $"did you mean {nearest}?");
    }
}
