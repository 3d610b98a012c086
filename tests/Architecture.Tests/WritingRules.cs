using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>What may not be written, and how much of it.</summary>
internal static partial class WritingRules
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;

    /// <summary>The one file that makes ids may switch the ban off.</summary>
    private const string IdsFile = "src/Kernel/Ids.cs";

    private static readonly string[] MustBeBanned =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow",
        "P:System.DateTimeOffset.Now", "P:System.DateTimeOffset.UtcNow",
        "M:System.Guid.NewGuid", "P:System.Threading.Tasks.Task`1.Result",
        "M:System.Threading.Thread.Sleep(System.Int32)", "M:System.Threading.Thread.Sleep(System.TimeSpan)",
    ];

    public static IEnumerable<string> TheCompilerBansClocksAndRandomIds(SourceTree tree)
    {
        var list = tree.Find("BannedSymbols.txt")?.Lines ?? [];
        var banned = list.Select(line => line.Split(';')[0].Trim()).ToHashSet();
        return MustBeBanned.Where(symbol => !banned.Contains(symbol))
            .Select(symbol => $"BannedSymbols.txt: does not list {symbol}");
    }

    public static IEnumerable<string> TheBanIsNotSwitchedOff(SourceTree tree) =>
        from file in tree.Files
        where file.Path != IdsFile && (file.IsBelow("src") || !file.Path.Contains('/'))
        from line in file.Lines.Index()
        where BanSwitchedOff().IsMatch(line.Item)
        select file.At(line.Index + 1, "the ban on clocks and random ids (RS0030) must not be switched off");

    public static IEnumerable<string> BannedWordsDoNotOccur(SourceTree tree) =>
        from file in tree.ProductCode
        where file.Path != IdsFile
        from line in file.CodeLines.Index()
        let word = BannedWord().Match(line.Item)
        where word.Success
        select file.At(line.Index + 1, $"{word.Value} is banned");

    public static IEnumerable<string> FilesStayShort(SourceTree tree) =>
        from file in tree.Code
        let lines = file.Text.AsSpan().TrimEnd().Count('\n') + 1
        where lines > LinesMax
        select $"{file.Path}: has {lines} lines, more than {LinesMax}";

    public static IEnumerable<string> LinesFitTheScreen(SourceTree tree) =>
        from file in tree.Code
        from line in file.Lines.Index()
        where line.Item.TrimEnd('\r').Length > ColumnsMax
        select file.At(line.Index + 1, $"has {line.Item.Length} columns, more than {ColumnsMax}");

    [GeneratedRegex(
        @"(?<![\w.])(?:System\.)?DateTime(?:Offset)?\.(?:Utc)?Now\b|\bGuid\.NewGuid\b|\bThread\.Sleep\b" +
        @"|\.ConfigureAwait\s*\(|\bGetAwaiter\(\)\.GetResult\(\)|Async\([^()]*\)\.Result\b|(?<!\w)[tT]ask\.Result\b",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex BannedWord();

    [GeneratedRegex(
        @"#pragma\s+warning\s+disable\b(?!.*\b[A-Z]+[0-9]+)" +
        @"|(?:#pragma\s+warning\s+disable|NoWarn|SuppressMessage|WarningsNotAsErrors).*\bRS0030\b" +
        @"|RS0030\.severity\s*=\s*(?!error)",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex BanSwitchedOff();
}
