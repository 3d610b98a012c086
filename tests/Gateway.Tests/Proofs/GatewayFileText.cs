using System.Text;
using Gatehouse.Gateway.Services;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Files of a proof: each revision is told by the request to the upstream and by the answer.</summary>
internal static class GatewayFileText
{
    /// <summary>Routes by number, which say their revision in three places, and one for all the rest.</summary>
    public static string Of(int revision, int routes, params Uri[] destinations)
    {
        var header = $$"""{ set: { X-Revision: "{{revision}}" } }""";
        var says = $"request: {header}, response: {header}";
        string[] lines =
        [
            "routes:",
            .. Enumerable.Range(0, routes).Select(i =>
                $$"""  r{{i}}: { match: { path: "/r{{i}}/{**rest}" }, cluster: all, """ +
                $$"""transform: { path: "/v{{revision}}/{**rest}", {{says}} } }"""),
            "  rest:",
            "    match: { path: \"/{**rest}\" }",
            "    cluster: all",
            "    retry: { attempts: 2 }",
            $$"""    transform: { {{says}} }""",
            "clusters:",
            "  all:",
            "    destinations:",
            .. destinations.Select((address, i) =>
                $$"""      d{{i}}: { address: "{{address.GetLeftPart(UriPartial.Authority)}}" }"""),
            "",
        ];
        return string.Join('\n', lines);
    }

    /// <summary>In one step.</summary>
    public static void Write(string path, string text) =>
        new FileOnDisk(path).Write(Encoding.UTF8.GetBytes(text));
}
