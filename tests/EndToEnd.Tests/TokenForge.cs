using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Foundation.Secrets;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Makes access tokens with the installation's own key, right ones and wrong ones.</summary>
public sealed class TokenForge : IDisposable
{
    private readonly ECDsa key = ECDsa.Create();
    private readonly JsonObject claims;

    private TokenForge(string kid, byte[] secret, string genuine)
    {
        key.ImportPkcs8PrivateKey(secret, out _);
        Genuine = genuine;
        Header = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = kid };
        claims = (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(genuine.Split('.')[1]))!;
    }

    /// <summary>One the program made.</summary>
    public string Genuine { get; }

    public JsonObject Header { get; }

    public byte[] PublicKeyInfo => key.ExportSubjectPublicKeyInfo();

    public string PublicKeyPem => key.ExportSubjectPublicKeyInfoPem();

    public static async Task<TokenForge> Of(Installation installation, string genuine)
    {
        var (kid, sealedKey) = await installation.Ledger.SigningKey();
        var secret = new SecretBox(installation.Key).Open($"identity/signing-key/{kid}", sealedKey);
        return new TokenForge(kid, secret, genuine);
    }

    /// <summary>The claims of the genuine one with some replaced (null removes).</summary>
    public JsonObject Claims(params (string Name, JsonNode? Value)[] changes) => Changed(claims, changes);

    public JsonObject HeaderWith(params (string Name, JsonNode? Value)[] changes) => Changed(Header, changes);

    public string Sign(JsonObject header, JsonObject payload) =>
        Sign(header, payload, bytes => key.SignData(bytes, HashAlgorithmName.SHA256));

    /// <summary>Signed rightly, whatever the texts are.</summary>
    public string Sign(string header, string payload) =>
        Sign(header, payload, bytes => key.SignData(bytes, HashAlgorithmName.SHA256));

    public static string Sign(JsonObject header, JsonObject payload, Func<byte[], byte[]> signature) =>
        Sign(header.ToJsonString(), payload.ToJsonString(), signature);

    public static string Sign(string header, string payload, Func<byte[], byte[]> signature)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(signature(Encoding.ASCII.GetBytes(text)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public byte[] SignDer(byte[] bytes) =>
        key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => key.Dispose();

    private static JsonObject Changed(JsonObject of, (string Name, JsonNode? Value)[] changes)
    {
        var copy = (JsonObject)of.DeepClone();
        foreach (var (name, value) in changes)
        {
            copy.Remove(name);
            if (value is not null)
            {
                copy[name] = value;
            }
        }

        return copy;
    }
}
