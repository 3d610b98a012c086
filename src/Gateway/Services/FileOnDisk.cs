using System.Security.Cryptography;
using Gatehouse.Gateway.Configuration;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// The gateway's file on disk. Whether it has changed is seen by its content: renames, swapped links and clocks that
/// stand still do not matter.
/// </summary>
internal sealed class FileOnDisk(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "/";

    /// <param name="now">Null: what depends on the time is not looked at.</param>
    public GatewayFile Read(DateTimeOffset? now = null) =>
        GatewayFile.ReadFrom(Path, Environment.GetEnvironmentVariable, now);

    /// <summary>Of the file and of all it has taken values from; what cannot be read counts as empty.</summary>
    public static string Fingerprint(string hash, IEnumerable<string> valueFiles) =>
        string.Join(' ', valueFiles.Order(StringComparer.Ordinal).Select(HashOf).Prepend(hash));

    /// <summary>Of the content as it is now, as <see cref="GatewayFile.Hash"/> says it.</summary>
    public string Hash() => HashOf(Path);

    /// <summary>
    /// Whole or not at all: written aside, brought to the disk, and renamed over the file or over what it links to.
    /// </summary>
    public void Write(byte[] content)
    {
        // One that was taken away comes back.
        var link = File.Exists(Path) ? File.ResolveLinkTarget(Path, returnFinalTarget: true) : null;
        var target = link?.FullName ?? Path;
        var draft = $"{target}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(target)
                ? File.GetUnixFileMode(target)
                : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private static string HashOf(string path) => GatewayFile.TryBytes(path, out var bytes, out _)
        ? Convert.ToHexStringLower(SHA256.HashData(bytes))
        : "";
}
