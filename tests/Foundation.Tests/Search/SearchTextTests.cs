using Gatehouse.Foundation.Search;

namespace Gatehouse.Foundation.Tests.Search;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("  Grüße,\tCAFE\u0301! ", "gruße cafe")]
    [InlineData("don't - \"a\":* & b|c (NOT) <-> d\\ ''", "don t a b c not d")]
    [InlineData("हिन्दी पढ़ी", "हिन्दी पढ़ी")]
    [InlineData("が ガ \u304B\u3099", "が ガ が")]
    [InlineData("❤️ 👋🏽x ①½ \uD800y\0z", "x ①½ y z")]
    [InlineData("\u093F\u200D %*'\"", "")]
    [InlineData(null, "")]
    public void Words_are_letters_and_digits_small_and_without_accents(string? typed, string words) =>
        Assert.Equal(
            words.Normalize(),
            string.Join(' ', SearchText.WordsOf(typed)));

    [Fact]
    public void Ten_words_count_and_what_is_very_long_is_looked_for_by_its_beginning()
    {
        var words = SearchText.WordsOf(string.Join(' ', Enumerable.Range(10, 20)) + " end");
        Assert.Equal(Enumerable.Range(10, SearchText.WordsMax).Select(i => $"{i}"), words);
        var (many, one) = (SearchText.WordsOf(new string('a', 70) + " b"), SearchText.WordsOf(new string('a', 70)));
        var begun = new string('a', SearchText.WordCharactersMax);
        Assert.Equal($"'x{begun}':* & 'xb':*", SearchText.TsQuery(many, "x"));
        Assert.Equal($"\"{begun}\"* \"b\"*", SearchText.Fts5Query(many));
        Assert.Equal($"'{begun}':*", SearchText.TsQuery(one));
        Assert.Equal("'a' & 'b':*", SearchText.TsQuery(["a", "b"]));
        Assert.Equal("\"a\" \"b\"*", SearchText.Fts5Query(["a", "b"]));
    }
}
