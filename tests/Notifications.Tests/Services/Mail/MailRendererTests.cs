using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;

namespace Gatehouse.Notifications.Tests.Services.Mail;

public sealed class MailRendererTests
{
    private static readonly MailTemplates Templates = new();
    private static readonly MailComposer Composer = new(Templates, new MailOptions());

    public static TheoryData<string, string> EveryMail =>
        [.. Templates.Names.SelectMany(name => Templates.Languages(name).Select(language => (name, language)))];

    [Theory]
    [MemberData(nameof(EveryMail))]
    public void Every_mail_of_every_language_is_filled_by_its_sample(string name, string language)
    {
        var draft = new MailSamples(Composer, new MailOptions()).Of(name, language);
        Assert.NotNull(draft);
        var known = draft.Model.Values.Keys.Concat(draft.Model.Lists.Keys).ToList();
        Assert.Empty(draft.Local.Template.Placeholders.Except(known));
        Assert.Empty(draft.Local.Footer.Placeholders.Except(known));

        var mail = MailRenderer.Render(draft.Local, draft.Model);
        var values = draft.Model.Values.Where(v => draft.Local.Template.Placeholders.Contains(v.Key));
        Assert.All(values.Where(value => value.Key != "code" || name != "booking-confirmed"), value =>
        {
            Assert.Contains(value.Value, mail.Subject + OneLine(mail.Text), StringComparison.Ordinal);
            Assert.Contains(MailHtml.Escape(value.Value), mail.Html, StringComparison.Ordinal);
        });
        Assert.All(draft.Model.Lists.SelectMany(list => list.Value), item =>
        {
            Assert.Contains($"* {item}\r\n", mail.Text, StringComparison.Ordinal);
            Assert.Contains(item, mail.Html, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("<", mail.Text, StringComparison.Ordinal);
        Assert.All(mail.Text.Split("\r\n"), line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void What_people_write_is_text_and_nothing_else()
    {
        const string evil = "<script>x</script>\r\nBcc: all@example.org\u0000\u2028`{site}` \u202Egnp.exe *b* [a](b)";
        var mail = Confirmed(evil, "\"><img src=x onerror=y>");

        Assert.DoesNotContain('\r', mail.Subject);
        Assert.DoesNotContain('\n', mail.Subject);
        Assert.DoesNotContain("\nBcc", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
        Assert.Contains("{site}", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', mail.Text + mail.Subject);
    }

    [Fact]
    public void Endless_names_make_a_bounded_mail_and_cut_no_character_in_two()
    {
        var mail = Confirmed(string.Concat(Enumerable.Repeat("🎻", 5_000)), "Hall");

        Assert.True(mail.Subject.Length <= 200);
        Assert.True(mail.Text.Length < 10_000);
        Assert.DoesNotContain('\uFFFD', mail.Subject.Normalize());
    }

    [Fact]
    public void A_name_from_right_to_left_leaves_the_words_around_it_in_order()
    {
        var mail = Confirmed("ערב מוזיקה", "Hall");

        Assert.Equal("Your tickets for \u2068ערב מוזיקה\u2069", mail.Subject);
        Assert.Contains("<bdi>&#x5E2;", mail.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ann Example", "Ann Example")]
    [InlineData("  J. R. Ågren-O'Neil ", "J. R. Ågren-O'Neil")]
    [InlineData("Win 1000000 EUR now", null)]
    [InlineData("Cheap pills at pills.example", null)]
    [InlineData("https://example.org", null)]
    [InlineData("Write to me@example.org", null)]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void Only_what_looks_like_a_name_is_greeted(string? name, string? greeting) =>
        Assert.Equal(greeting, MailText.Greeting(name));

    [Theory]
    [InlineData("en")]
    [InlineData("EN-GB")]
    [InlineData("tlh")]
    [InlineData("../../etc/passwd")]
    [InlineData(null)]
    public void A_language_that_is_not_there_falls_back_to_english(string? language) =>
        Assert.Equal("en", Templates.Find("welcome", language).Language);

    [Fact]
    public void A_line_that_lacks_its_value_is_left_out()
    {
        var mail = Confirmed("Concert", venue: null);

        Assert.DoesNotContain("Where", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Where", mail.Html, StringComparison.Ordinal);
        Assert.Contains(
            "When: Friday, 31 May 2030, 14:00 - 17:00 (Europe/Berlin)", mail.Text, StringComparison.Ordinal);
    }

    private static RenderedMail Confirmed(string name, string? venue)
    {
        var (user, of) = (Guid.NewGuid(), Guid.NewGuid());
        var known = Facts.Event(of, venue: venue, name: name).ToKnown();
        var draft = Composer.Confirmed(
            Facts.Confirmed(Guid.NewGuid(), of, user), Facts.Registered(user).ToKnown(), known);
        return MailRenderer.Render(draft.Local, draft.Model);
    }

    private static string OneLine(string text) => text.Replace("\r\n", " ", StringComparison.Ordinal);
}
