using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Somebody asked for a link to be mailed to an address. Kept as a job, whoever has the address: who asks gets the same
/// answer after the same work, and whether there is an account is found out when they are gone.
/// </summary>
/// <param name="Email">As it is kept.</param>
/// <param name="Purpose">Confirm the address, or choose another password.</param>
internal sealed record LinkWish(string Email, LinkPurpose Purpose)
{
    public const string JobKind = "identity.mail-link";

    public static LinkWish Parse(string json) =>
        JsonSerializer.Deserialize(json, LinkWishJson.Default.LinkWish)
        ?? throw new JsonException("The job holds no wish for a link.");

    public string ToJson() => JsonSerializer.Serialize(this, LinkWishJson.Default.LinkWish);

    public override string ToString() => $"{nameof(LinkWish)} {Purpose}";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LinkWish))]
internal sealed partial class LinkWishJson : JsonSerializerContext;
