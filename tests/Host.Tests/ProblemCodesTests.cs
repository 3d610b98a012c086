using System.Reflection;
using System.Text.RegularExpressions;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

public sealed partial class ProblemCodesTests
{
    [Fact]
    public void Every_problem_code_stands_in_the_table_of_the_api_page_with_its_status()
    {
        var page = File.ReadAllText(Path.Combine(Solution.Root, "docs", "api.md"));
        var documented = Row().Matches(page)
            .Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}").Order().ToList();

        var defined = Codes().Select(code => $"{code.Name} {code.Status}").Order().ToList();

        Assert.True(defined.Count > 20, "The codes were not found.");
        Assert.Equal(defined, documented);
    }

    [Fact]
    public void No_two_failures_share_a_code() =>
        Assert.Empty(Codes().GroupBy(code => code.Name).Where(same => same.Count() > 1).Select(same => same.Key));

    private static List<ProblemCode> Codes() =>
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "Gatehouse.*.dll")
            .Where(file => !file.EndsWith("Tests.dll", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsGenericTypeDefinition)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(ProblemCode))
            .Select(field => (ProblemCode)field.GetValue(null)!),
    ];

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (\d{3}) \|", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
