using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Foundation.Messaging;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Guid[]))]
internal sealed partial class MessagingJson : JsonSerializerContext;
