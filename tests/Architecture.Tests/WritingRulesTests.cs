namespace Gatehouse.Architecture.Tests;

public sealed class WritingRulesTests
{
    [Fact]
    public void The_compiler_bans_clocks_and_random_ids() => Rule.Holds(WritingRules.TheCompilerBansClocksAndRandomIds);

    [Fact]
    public void A_ban_taken_from_the_list_is_noticed()
    {
        var list = SourceTree.OfRepository.Find("BannedSymbols.txt")!.Lines;
        var shorter = list.Where(line => !line.Contains("Guid.NewGuid", StringComparison.Ordinal));

        Rule.Refuses(
            WritingRules.TheCompilerBansClocksAndRandomIds,
            "BannedSymbols.txt: does not list M:System.Guid.NewGuid",
            ("BannedSymbols.txt", string.Join('\n', shorter)));
    }

    [Fact]
    public void The_ban_is_not_switched_off() => Rule.Holds(WritingRules.TheBanIsNotSwitchedOff);

    [Theory]
    [InlineData("src/Shop/Pool.cs", "#pragma warning disable RS0030 // just this once")]
    [InlineData("src/Shop/Pool.cs", "#pragma warning disable CA1000, RS0030")]
    [InlineData("src/Shop/Pool.cs", "#pragma warning disable")]
    [InlineData("src/Shop/Pool.cs", "[SuppressMessage(\"ApiDesign\", \"RS0030\")]")]
    [InlineData("src/Shop/Shop.csproj", "<NoWarn>$(NoWarn);RS0030</NoWarn>")]
    [InlineData(".editorconfig", "dotnet_diagnostic.RS0030.severity = none")]
    public void Switching_the_ban_off_is_refused(string path, string line) =>
        Rule.Refuses(WritingRules.TheBanIsNotSwitchedOff, $"{path}:1: ", (path, line));

    [Fact]
    public void Other_warnings_and_the_one_place_that_makes_ids_are_free() => Rule.Allows(
        WritingRules.TheBanIsNotSwitchedOff,
        ("src/Kernel/Ids.cs", "#pragma warning disable RS0030"),
        ("src/Shop/Pool.cs", "#pragma warning disable CA1000"));

    [Fact]
    public void Banned_words_do_not_occur() => Rule.Holds(WritingRules.BannedWordsDoNotOccur);

    [Theory]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.UtcNow;")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("Thread.Sleep(100);")]
    [InlineData("var rows = repository.ReadAsync(id).Result;")]
    [InlineData("var rows = task.Result;")]
    [InlineData("var rows = Read().GetAwaiter().GetResult();")]
    [InlineData("await Read().ConfigureAwait(false);")]
    public void A_banned_word_is_refused(string line) => Rule.Refuses(
        WritingRules.BannedWordsDoNotOccur, "src/Shop/Pool.cs:2: ", ("src/Shop/Pool.cs", $"// a comment\n{line}\n"));

    [Fact]
    public void Words_that_only_look_alike_are_free() => Rule.Allows(
        WritingRules.BannedWordsDoNotOccur,
        ("src/Shop/Pool.cs",
            "// DateTime.Now is banned\nvar text = \"Guid.NewGuid\";\nvar r = context.Result;\ntime.Now();"));

    [Fact]
    public void Files_stay_short() => Rule.Holds(WritingRules.FilesStayShort);

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void A_file_of_more_than_400_lines_is_refused(int lines, int violations) => Assert.Equal(
        violations,
        WritingRules.FilesStayShort(new SourceTree(
            [new SourceFile("tests/Shop.Tests/X.cs", string.Concat(Enumerable.Repeat("x;\n", lines)))])).Count());

    [Fact]
    public void Lines_fit_the_screen() => Rule.Holds(WritingRules.LinesFitTheScreen);

    [Theory]
    [InlineData("src/Shop/X.cs", 120, 0)]
    [InlineData("src/Shop/X.cs", 121, 1)]
    [InlineData("tests/Shop.Tests/X.cs", 121, 1)]
    [InlineData("benchmarks/X.cs", 121, 1)]
    public void A_line_of_more_than_120_columns_is_refused(string path, int columns, int violations) => Assert.Equal(
        violations,
        WritingRules.LinesFitTheScreen(new SourceTree([new SourceFile(path, new string('x', columns))])).Count());
}
