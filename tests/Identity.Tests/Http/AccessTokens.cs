using System.Buffers.Text;
using System.Text.Json;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>What an access token says, unverified.</summary>
internal static class AccessTokens
{
    public static Guid Session(string accessToken) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(accessToken.Split('.')[1])).RootElement
            .GetProperty("sid").GetGuid();
}
