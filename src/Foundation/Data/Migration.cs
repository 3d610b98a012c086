using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// One step of a module's schema: an embedded <c>Sql/Migrations/NNNN_name.up.sql</c> with its <c>.down.sql</c>.
/// </summary>
internal sealed record Migration(string Version, string Name, string Up, string Down)
{
    /// <summary>
    /// SHA-256 of the way up, line endings aside: an applied migration is history and must not be edited.
    /// </summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up.ReplaceLineEndings("\n"))));

    public static IReadOnlyList<Migration> Of(Assembly assembly)
    {
        const string folder = ".Sql.Migrations.";
        const string up = ".up.sql";
        const string down = ".down.sql";
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            var start = resource.IndexOf(folder, StringComparison.Ordinal);
            if (start < 0 || !resource.EndsWith(up, StringComparison.Ordinal))
            {
                continue;
            }

            var file = resource[(start + folder.Length)..^up.Length];
            if (file.IndexOf('_', StringComparison.Ordinal) != 4)
            {
                throw new InvalidOperationException($"Migration '{file}' is not named NNNN_name.");
            }

            migrations.Add(new Migration(
                file[..4], file[5..], Text(assembly, resource), Text(assembly, resource[..^up.Length] + down)));
        }

        return migrations;
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"Migration resource '{resource}' is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Where one migration stands.</summary>
/// <param name="AppliedAt">Null while it is pending.</param>
/// <param name="Edited">It was applied with another text than the program carries.</param>
public sealed record MigrationStatus(
    string Module, string Version, string Name, DateTimeOffset? AppliedAt, bool Edited);
