namespace Gatehouse.Kernel.Tests;

public sealed class MoneyTests
{
    private static readonly Money Price = new(12_50, Currency.Euro);

    [Fact]
    public void Three_tickets_cost_three_times_the_price() => Assert.Equal(new Money(37_50, Currency.Euro), Price * 3);

    [Fact]
    public void A_total_too_large_is_an_error_and_never_a_wrong_sum() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue / 2, Currency.Euro) * 3);

    [Fact]
    public void The_same_amount_in_another_currency_is_other_money() =>
        Assert.NotEqual(Price, Price with { Currency = Currency.Parse("JPY") });

    [Fact]
    public void Only_nothing_is_zero()
    {
        Assert.True(new Money(0, Currency.Euro).IsZero);
        Assert.False(Price.IsZero);
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("JPY")]
    [InlineData("ZWG")]
    public void A_currency_is_known_by_its_code(string code)
    {
        Assert.True(Currency.TryParse(code, out var currency));
        Assert.Equal(code, currency.Code);
        Assert.Equal(currency, Currency.Parse(code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("eur")]
    [InlineData("EURO")]
    [InlineData("XXX")]
    [InlineData("AED AFN")]
    public void What_is_no_currency_of_the_standard_is_refused(string? code)
    {
        Assert.False(Currency.TryParse(code, out _));
        Assert.Throws<FormatException>(() => Currency.Parse(code!));
    }
}
