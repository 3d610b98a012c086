using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Foundation.Messaging;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Guid[]))]
internal sealed partial class MessagingJson : JsonSerializerContext
{
    /// <summary>What <c>json_each</c> takes apart.</summary>
    public static string List(Guid[] ids) => JsonSerializer.Serialize(ids, Default.GuidArray);
}
