using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>
/// What <c>docs/security.md</c> says of OWASP ASVS 5.0 is true: each test it names is there and carries the id, each
/// test that carries an id is named, and no id that was promised is left out.
/// </summary>
internal static partial class SecurityRules
{
    public const string Page = "docs/security.md";

    private static readonly string[] Promised =
    [
        "2.3.1", "2.3.3", "2.3.4", "2.4.1", "6.1.1", "6.2.1", "6.2.3", "6.2.4", "6.2.5", "6.2.8", "6.2.9", "6.2.12",
        "6.3.1", "6.3.2", "6.3.8", "6.4.1", "6.4.3", "6.5.1", "6.8.2", "7.2.4", "7.3.1", "7.3.2", "7.4.1", "7.4.2",
        "7.4.3", "7.5.1", "7.5.2", "8.2.1", "8.2.2", "8.2.3", "8.3.2", "8.3.3", "9.1.1", "9.1.2", "9.1.3", "9.2.1",
        "9.2.2", "9.2.3", "9.2.4", "10.4.5", "10.4.8", "15.3.3", "15.4.2",
    ];

    /// <summary>Answers what is wrong.</summary>
    public static IEnumerable<string> PageIsTrue(SourceTree tree)
    {
        var rows = Rows(tree.Find(Page)?.Text ?? "").ToList();
        var carried = tree.Code.Where(file => file.IsBelow("tests")).SelectMany(Carried).ToHashSet();
        foreach (var id in Promised.Except(rows.Select(row => row.Id), StringComparer.Ordinal))
        {
            yield return $"{Page}: says nothing of {id}";
        }

        foreach (var (id, tests) in rows)
        {
            foreach (var test in tests.Where(test => !carried.Contains((id, test))))
            {
                yield return $"{Page}: {id} names {test}, which carries no such id";
            }
        }

        var named = rows.SelectMany(row => row.Tests, (row, test) => (row.Id, test)).ToHashSet();
        foreach (var (id, test) in carried.Except(named))
        {
            yield return $"{Page}: {id} does not name {test}";
        }
    }

    // | id | what is asked | tests in code quotes, or the reason why there is none |
    private static IEnumerable<(string Id, IReadOnlyList<string> Tests)> Rows(string page) =>
        from row in Row().Matches(page)
        select (row.Groups["id"].Value, (IReadOnlyList<string>)[.. Name().Matches(row.Groups["tests"].Value)
            .Select(name => name.Groups[1].Value)]);

    private static IEnumerable<(string Id, string Test)> Carried(SourceFile file)
    {
        var ids = new List<string>();
        foreach (var line in file.Lines)
        {
            ids.AddRange(Trait().Matches(line).Select(trait => trait.Groups[1].Value));
            if (ids.Count > 0 && Method().Match(line) is { Success: true } method)
            {
                foreach (var id in ids)
                {
                    yield return (id, method.Groups[1].Value);
                }

                ids.Clear();
            }
        }
    }

    [GeneratedRegex(
        @"^\| (?<id>\d+\.\d+\.\d+) \| [^|\n]+ \| (?<tests>[^\n]+) \|$",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("Trait\\(\"ASVS\", \"([0-9.]+)\"\\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trait();

    [GeneratedRegex(
        @"public (?:async )?(?:Task|void) ([A-Za-z0-9_]+)\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();
}
