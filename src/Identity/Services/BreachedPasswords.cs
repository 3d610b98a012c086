using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Modules;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Lists of breached passwords that an operator gave, each an <see cref="OrderedHashFile"/>. Opened at each look, so
/// that a newer file may be moved into the place of an older one while the program runs.
/// </summary>
internal sealed class BreachedPasswords(IdentityOptions options) : IHostedService, IStartCheck
{
    public const int FilesMax = 16;
    private const string Pattern = "*.txt";

    public string Module => IdentityModule.Key;

    public string Subject => "lists of breached passwords";

    public bool Contains(string password)
    {
        if (options.BreachListFolder is not { } folder)
        {
            return false;
        }

        var hash = Hash(password);
        foreach (var path in Files(folder))
        {
            using var file = new OrderedHashFile(path);
            if (file.Contains(hash))
            {
                return true;
            }
        }

        return false;
    }

    public Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([.. Faults()]);

    public Task StartAsync(CancellationToken cancellationToken) => Faults().ToList() is { Count: > 0 } faults
        ? throw new StartupException($"Breached passwords cannot be looked up: {string.Join("; ", faults)}")
        : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Faults()
    {
        if (options.BreachListFolder is not { } folder)
        {
            return [];
        }

        const string setting = "GATEHOUSE_IDENTITY__BREACHLISTFOLDER";
        try
        {
            var files = Files(folder);
            return files.Length is > 0 and <= FilesMax
                ? files.Select(Fault).OfType<string>()
                : [$"{setting}: {Path.GetFullPath(folder)} has {files.Length} files {Pattern}, not 1 to {FilesMax}"];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [$"{setting}: {unreadable.Message}"];
        }
    }

    private static string? Fault(string path)
    {
        try
        {
            using var file = new OrderedHashFile(path);
            return file.Fault();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return unreadable.Message;
        }
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.GetFullPath(folder), Pattern).Order(StringComparer.Ordinal)];

    [SuppressMessage(
        "Security", "CA5350", Justification = "What the published lists hold; nothing of ours is kept so.")]
    private static string Hash(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
}
