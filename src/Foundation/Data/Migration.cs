using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// One step of a schema: an embedded <c>Migrations/NNNN_name.up.sql</c> with its <c>.down.sql</c>. What only one engine
/// understands, such as a trigger, stands in <c>NNNN_name.up.postgres.sql</c> or <c>.up.sqlite.sql</c> and runs after
/// the text for both.
/// </summary>
internal sealed record Migration(string Version, string Name, string Up, string Down)
{
    private const string Folder = ".Migrations.";

    /// <summary>
    /// SHA-256 of the way up, line endings aside: an applied migration is history and must not be edited.
    /// </summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up.ReplaceLineEndings("\n"))));

    /// <summary>
    /// The module's own steps, then those of the tables that Foundation keeps in every module's database (outbox,
    /// inbox, jobs, audit), whose versions begin with F.
    /// </summary>
    public static IReadOnlyList<Migration> For(Assembly module, DatabaseProvider provider) =>
        [.. Of(module, "", provider), .. Of(typeof(Migration).Assembly, "F", provider)];

    private static IEnumerable<Migration> Of(Assembly assembly, string prefix, DatabaseProvider provider) =>
        from resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
        let start = resource.IndexOf(Folder, StringComparison.Ordinal)
        where start >= 0
        let end = resource.IndexOf(".up.", StringComparison.Ordinal)
        where end >= 0
        group resource by resource[..end] into files
        let file = files.Key[(files.Key.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..]
        select file.IndexOf('_', StringComparison.Ordinal) == 4
            ? new Migration(
                prefix + file[..4],
                file[5..],
                Text(assembly, $"{files.Key}.up", provider),
                Text(assembly, $"{files.Key}.down", provider))
            : throw new InvalidOperationException($"Migration '{file}' is not named NNNN_name.");

    private static string Text(Assembly assembly, string way, DatabaseProvider provider)
    {
        var engine = provider == DatabaseProvider.Postgres ? "postgres" : "sqlite";
        var texts = new[] { $"{way}.sql", $"{way}.{engine}.sql" }
            .Select(assembly.GetManifestResourceStream)
            .OfType<Stream>()
            .Select(stream =>
            {
                using var reader = new StreamReader(stream);
                return reader.ReadToEnd();
            });
        return string.Join('\n', texts);
    }
}

/// <summary>Where one migration stands.</summary>
/// <param name="AppliedAt">Null while it is pending.</param>
/// <param name="Edited">It was applied with another text than the program carries.</param>
public sealed record MigrationStatus(
    string Module, string Version, string Name, DateTimeOffset? AppliedAt, bool Edited);
