using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Configuration;

/// <summary>What encrypts other secrets at rest.</summary>
[Section("Secrets")]
public sealed class SecretsOptions : IRelatedOptions
{
    /// <summary>256 bits, for AES-256.</summary>
    public const int KeyBytes = 32;

    [Setting("32 bytes in base64 that encrypt keys at rest (`openssl rand -base64 32`). Required in production on " +
             "PostgreSQL; elsewhere it is made at first start and kept in the data folder as `secret.key`.",
        Secret = true)]
    public string? Key { get; set; }

    public IEnumerable<(string Property, string Reason)> Validate(Settings settings)
    {
        if (Key is null && settings.Environment == RuntimeEnvironment.Production &&
            settings.Find<DatabaseOptions>()?.Provider == DatabaseProvider.Postgres)
        {
            yield return (nameof(Key),
                "is required in production on PostgreSQL; make one with: openssl rand -base64 32");
        }

        if (Key is not null && Decode(Key) is null)
        {
            yield return (nameof(Key), "must be 32 bytes in base64; make one with: openssl rand -base64 32");
        }
    }

    internal static byte[]? Decode(string key)
    {
        var bytes = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(key.Trim(), bytes, out var written) && written == KeyBytes
            ? bytes[..KeyBytes]
            : null;
    }
}
