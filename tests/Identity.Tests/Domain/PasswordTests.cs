using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class PasswordTests
{
    private readonly Faults faults = new();

    [Theory]
    [InlineData("12345678")]
    [InlineData("        ")]
    [InlineData(" lead and trail ")]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔑")]
    public void A_password_stays_as_it_was_typed(string typed) =>
        Assert.Equal(typed, Password.Choose(typed, 8, faults)?.Text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("🔑🔑🔑🔑")]
    [InlineData("12345678\0")]
    public void What_is_too_short_or_cannot_be_text_is_refused(string? typed)
    {
        Assert.Null(Password.Choose(typed, 8, faults));
        Assert.True(faults.Any);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.Null(Password.Choose("12345678\uD83D", 8, faults));

    [Fact]
    public void Length_is_counted_in_characters_up_to_128()
    {
        var longest = string.Concat(Enumerable.Repeat("🔑", Password.CharactersMax));

        Assert.NotNull(Password.Choose(longest, 8, faults));
        Assert.Null(Password.Choose(longest + "!", 8, faults));
        Assert.Null(Password.Choose(new string('x', 5000), 8, faults));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        Password.Choose("a\0", 8, faults);

        Assert.Equal(2, faults.ToProblem().Errors["password"].Length);
    }

    [Fact]
    public void A_password_does_not_print_itself() =>
        Assert.DoesNotContain("secret", $"{Password.Choose("secret word", 8, faults)}", StringComparison.Ordinal);
}
