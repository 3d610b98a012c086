using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Gateway;

/// <summary>How the registry's types are read and written, made at compile time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ListAnswer<RegisteredService>), TypeInfoPropertyName = "RegisteredServiceList")]
[JsonSerializable(typeof(RegisterService))]
[JsonSerializable(typeof(ServiceLease))]
public sealed partial class RegistryJson : JsonSerializerContext;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegistryRefusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;

/// <summary>What a client needs of a problem document.</summary>
internal sealed record RegistryRefusal(string? Code = null, string? Title = null, string? Detail = null);
