namespace Gatehouse.Kernel.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("  Ada.Lovelace@Example.ORG ", "ada.lovelace@example.org")]
    [InlineData("a@bücher.example", "a@xn--bcher-kva.example")]
    [InlineData("a@BÜCHER.example", "a@xn--bcher-kva.example")]
    [InlineData("a@xn--bcher-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("JOSE\u0301@example.org", "josé@example.org")]
    [InlineData("first+tag@sub.example.org", "first+tag@sub.example.org")]
    public void Every_spelling_of_an_address_is_one_address(string typed, string kept) =>
        Assert.Equal(kept, EmailAddress.ParseOrNull(typed)?.Text);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("name")]
    [InlineData("@example.org")]
    [InlineData("name@")]
    [InlineData("name@host")]
    [InlineData("a@b@example.org")]
    [InlineData("a b@example.org")]
    [InlineData("a@exam ple.org")]
    [InlineData("a\0@example.org")]
    [InlineData("a@example.org\0")]
    [InlineData("a\u200B@example.org")]
    [InlineData("a\r\nBcc:b@example.org")]
    [InlineData("<a@example.org>")]
    [InlineData("a..b@example.org")]
    [InlineData(".a@example.org")]
    [InlineData("a@example..org")]
    [InlineData("a@.example.org")]
    [InlineData("a@example.org.")]
    [InlineData("a@-example.org")]
    [InlineData("a@exam_ple.org")]
    public void What_is_no_address_is_refused(string typed)
    {
        var faults = new Faults();

        Assert.Null(EmailAddress.Parse(typed, faults));

        Assert.Single(faults.ToProblem().Errors["email"]);
    }

    // Not in an attribute: the compiler writes those as UTF-8, which has no half pairs.
    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.Null(EmailAddress.ParseOrNull("a\uD83D@example.org"));

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        var host = string.Join('.', Enumerable.Repeat(new string('h', 59), 4));
        var longest = new string('a', EmailAddress.CharactersMax - host.Length - 1) + "@" + host;

        Assert.Equal(EmailAddress.CharactersMax, EmailAddress.ParseOrNull(longest)?.Text.Length);
        Assert.Null(EmailAddress.ParseOrNull("a" + longest));
    }
}
