using System.Diagnostics;
using System.Text.RegularExpressions;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed partial class DescriptionHtmlTests
{
    [Fact]
    public void Markdown_becomes_html() => Assert.Equal(
        """
        <h1>Line-up</h1>
        <ul>
        <li><strong>Ann</strong> &amp; <em>Bob</em></li>
        <li><a href="https://example.org/a?b=1&amp;c" rel="nofollow noopener ugc">more</a></li>
        </ul>
        <pre><code>code &lt;b&gt;
        </code></pre>

        """.ReplaceLineEndings("\n"),
        DescriptionHtml.Of(
            "# Line-up\n- **Ann** & *Bob*\n- [more](https://example.org/a?b=1&c \"t\")\n\n```js\ncode <b>\n```\n"));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a <svg/onload=alert(1)> b")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScRiPt:alert(1))")]
    [InlineData("[a](java&#10;script:alert(1))")]
    [InlineData("[a](&#106;avascript:alert(1))")]
    [InlineData("[a](<javascript:alert(1)>)")]
    [InlineData("[a](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("[a](//example.org)")]
    [InlineData("[a](file:///etc/passwd)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![a](https://example.org/pixel.png)")]
    [InlineData("![a\" onerror=\"alert(1)](x)")]
    [InlineData("[a](https://example.org/\"onmouseover=alert(1))")]
    [InlineData("[a](https://example.org 'x\" onclick=\"alert(1)')")]
    [InlineData("[a]\n\n[a]: javascript:alert(1)")]
    [InlineData("```\"onload=alert(1) x\ncode\n```")]
    [InlineData("# x {onclick=alert(1)}")]
    [InlineData("<a href='javascript:alert(1)'>x</a>")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("`<script>`")]
    [InlineData("<!-- --><script>")]
    [InlineData("<![CDATA[<script>]]>")]
    public void Nothing_but_elements_of_markdown_and_safe_links_comes_out(string markdown)
    {
        var html = DescriptionHtml.Of(markdown)!;

        Assert.All(Tags().Matches(html), tag => Assert.Matches(Allowed(), tag.Value));
        Assert.Equal(Tags().Count(html), html.Count(c => c == '<'));
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("![", "")]
    [InlineData("*", "")]
    [InlineData("**a ", "")]
    [InlineData("_a ", "")]
    [InlineData("> ", "x")]
    [InlineData("- ", "x")]
    [InlineData("1. ", "x")]
    [InlineData("`", "")]
    [InlineData("` `` ", "")]
    [InlineData("<", "")]
    [InlineData("[a](", "")]
    [InlineData("[a]: b\n", "")]
    [InlineData("&", "")]
    [InlineData("\\", "")]
    [InlineData("a\n", "")]
    public void Ten_thousand_characters_of_anything_are_rendered_soon(string piece, string end)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length)) + end;
        DescriptionHtml.Of("warm *up*");
        var started = Stopwatch.GetTimestamp();

        Assert.NotNull(DescriptionHtml.Of(text));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalMilliseconds} ms");
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();

    [GeneratedRegex(
        "^<(/?(p|h[1-6]|ul|ol|li|strong|em|code|pre|blockquote)|/a|br /|hr /" +
        "|a href=\"(https?|mailto):[^\"<>]*\" rel=\"nofollow noopener ugc\")>$",
        RegexOptions.NonBacktracking)]
    private static partial Regex Allowed();
}
