using System.Text;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Writes docs/gateway-configuration.md from the keys and rules; a test compares the two.</summary>
internal static class GatewayReference
{
    private const string Introduction =
        """
        # The gateway's file

        This page is written by `gatehouse gateway reference`; a test keeps it true. How the gateway works is in
        [gateway.md](gateway.md).

        One file, YAML or JSON in UTF-8, at most 4 MiB, named by `GATEHOUSE_GATEWAY__FILE`. Keys that nothing reads are
        faults. Anchors, aliases, merges and tags are not read. Durations are `250ms`, `5s`, `2m`, `1h`; sizes `512B`,
        `64KiB`, `1MiB`, `2GiB`. Ids are 1 to 64 letters, digits, `-`, `_` and `.`.

        `${env:NAME}` and `${file:path}` stand for a variable and for the content of a file, in values of headers and in
        addresses: the way of a secret, which in the file itself is a fault. Files must be below the folder of the
        gateway's file or below `/run/secrets`; settings of the program itself (`GATEHOUSE_…`) are not given out.

        `gatehouse gateway check FILE` names all faults at once; `gatehouse gateway schema` prints a JSON Schema for
        editors.

        """;

    public static string Render()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var place in Places())
        {
            text.Append("\n## ").Append(place.Name).Append("\n\n").Append(place.About).Append("\n\n");
            text.Append("| key | value | otherwise | what it says |\n|---|---|---|---|\n");
            foreach (var key in place.Keys)
            {
                var otherwise = key.IsRequired ? "**required**" : key.Otherwise.Length == 0 ? "none" : key.Otherwise;
                text.Append("| `").Append(key.Name).Append("` | ").Append(Cell(key.Kind.Label)).Append(" | ")
                    .Append(Cell(otherwise)).Append(" | ").Append(Cell(key.About)).Append(" |\n");
            }
        }

        text.Append("\n## Rules\n\nThe ids do not change. A file that fails at one layer is still asked all it can " +
            "be of the next.\n\n| rule | layer | broken by |\n|---|---|---|\n");
        foreach (var rule in Rules.All)
        {
            text.Append("| `").Append(rule.Id).Append("` | ").Append(rule.Layer.ToString().ToLowerInvariant())
                .Append(" | ").Append(Cell(rule.About)).Append(" |\n");
        }

        return text.ToString();
    }

    private static List<ObjectKind> Places() =>
        [.. GatewayKeys.Root.Objects.DistinctBy(place => place.Name)];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
