using System.Security.Cryptography;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Configuration;

/// <summary>The key that encrypts keys at rest: given as a setting, or kept in the data folder.</summary>
public sealed class SecretKey
{
    public const string FileName = "secret.key";

    private readonly byte[] bytes;

    private SecretKey(byte[] bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>
    /// The setting, else the file, else a new one; whether one is demanded is <see cref="SecretsOptions"/>' rule.
    /// </summary>
    public static SecretKey Obtain(SecretsOptions secrets, DatabaseOptions database)
    {
        if (secrets.Key is not null)
        {
            return Find(secrets, database)!;
        }

        try
        {
            Directory.CreateDirectory(database.Path);
            return Find(secrets, database) ?? Create(PathIn(database));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(database, failure);
        }
    }

    /// <summary>The setting, else the file; null when it is still to be made. Makes nothing.</summary>
    public static SecretKey? Find(SecretsOptions secrets, DatabaseOptions database)
    {
        if (secrets.Key is { } given)
        {
            return new SecretKey(SecretsOptions.Decode(given)
                ?? throw new StartupException("The secret key is not 32 bytes in base64."));
        }

        try
        {
            return Read(PathIn(database));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(database, failure);
        }
    }

    private static string PathIn(DatabaseOptions database) => Path.Combine(database.Path, FileName);

    private static StartupException Unusable(DatabaseOptions database, Exception failure) =>
        new($"The secret key in {PathIn(database)} cannot be read or made: {failure.Message}", failure);

    private static SecretKey? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        return SecretsOptions.Decode(File.ReadAllText(path)) is { } found
            ? new SecretKey(found)
            : throw new StartupException($"{path} does not hold 32 bytes in base64. Restore it from a backup: " +
                                         "what was encrypted with it cannot be read without it.");
    }

    /// <summary>
    /// Written aside and then linked to its name, so that two processes starting at once agree on one key.
    /// </summary>
    private static SecretKey Create(string path)
    {
        var made = RandomNumberGenerator.GetBytes(SecretsOptions.KeyBytes);
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(8)}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(made) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
            return new SecretKey(made);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return Read(path)!;
        }
    }
}
