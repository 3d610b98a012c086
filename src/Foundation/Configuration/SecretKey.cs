using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Configuration;

/// <summary>The key that encrypts keys at rest: given as a setting, or kept in the data folder.</summary>
public sealed partial class SecretKey
{
    public const string FileName = "secret.key";

    // EEXIST, the same on Linux and macOS.
    private const int FileExists = 17;

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
    /// Written aside and then linked to its name, whole or not at all, so that two processes starting at once agree on
    /// one key.
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

        var isOurs = Claim(draft, path);
        return isOurs ? new SecretKey(made) : Read(path)!;
    }

    // File.Move looks for the target and then renames over it, so that of two processes both may believe to have been
    // first; a hard link is refused where the name is taken.
    private static bool Claim(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }

        var isLinked = Link(draft, path) == 0;
        var error = Marshal.GetLastPInvokeError();
        File.Delete(draft);
        return isLinked || error == FileExists
            ? isLinked
            : throw new IOException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
