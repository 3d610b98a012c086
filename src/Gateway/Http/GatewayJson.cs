using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Json;
using Gatehouse.Gateway.Services;

namespace Gatehouse.Gateway.Http;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ConfigView))]
[JsonSerializable(typeof(ConfigChange))]
[JsonSerializable(typeof(ListAnswer<RouteView>))]
[JsonSerializable(typeof(ListAnswer<ClusterView>))]
[JsonSerializable(typeof(ListAnswer<DestinationView>))]
[JsonSerializable(typeof(ListAnswer<DestinationBreaker>))]
[JsonSerializable(typeof(DestinationChange))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(GatewayDocument))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(CacheView))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(CachePurged))]
internal sealed partial class GatewayJson : JsonSerializerContext;
