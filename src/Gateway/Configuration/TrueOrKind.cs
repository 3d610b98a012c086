using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Keys, or <c>true</c> where none of them need be said.</summary>
internal sealed class TrueOrKind(ObjectKind item) : Kind<Bound>
{
    public override string Label => $"`true`, or {item.Label}";

    public override IEnumerable<ObjectKind> Objects => item.Objects;

    public override JsonObject Schema() => new()
    {
        ["oneOf"] = new JsonArray(new JsonObject { ["const"] = true }, item.Schema()),
    };

    public override bool TryRead(Node node, ReadingContext context, out Bound value)
    {
        if (node is not ScalarNode scalar || scalar.IsNull)
        {
            return item.TryRead(node, context, out value);
        }

        if (scalar is { IsPlain: true, Text: "true" })
        {
            return item.TryRead(new MapNode(node.At, node.Path, []), context, out value);
        }

        value = null!;
        context.Faults.Add(Rules.WrongType, node, $"{Shown(scalar.Text)} where true or keys are wanted",
            scalar is { IsPlain: true, Text: "false" } ? "take the key away" : null);
        return false;
    }
}
