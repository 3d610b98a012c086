using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Looks at files for <c>gatehouse gateway</c>.</summary>
internal sealed class GatewayFiles : IGatewayFiles
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Schema
    {
        get
        {
            var schema = new JsonObject
            {
                ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
                ["title"] = "gateway.yaml of Gatehouse",
            };
            foreach (var (name, value) in GatewayKeys.Root.Schema())
            {
                schema[name] = value?.DeepClone();
            }

            return schema.ToJsonString(Readable) + "\n";
        }
    }

    public string Reference => GatewayReference.Render();

    public GatewayFileReport Check(string path, bool withValues)
    {
        var file = GatewayFile.ReadFrom(
            path, withValues ? Environment.GetEnvironmentVariable : null, TimeProvider.System.Now());
        return new GatewayFileReport(path, file.RouteCount, file.ClusterCount, file.Faults);
    }
}
