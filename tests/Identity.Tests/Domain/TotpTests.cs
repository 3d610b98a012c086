using Gatehouse.Identity.Domain;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class TotpTests
{
    private static readonly byte[] Secret = [.. "12345678901234567890"u8];

    // RFC 6238, appendix B, the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.Code(Secret, seconds / Totp.StepSeconds));

    [Fact]
    public async Task Codes_are_those_of_oathtool()
    {
        for (var i = 0; i < 5; i++)
        {
            var (secret, time) = (Totp.NewSecret(), DateTimeOffset.UnixEpoch.AddDays(20_000).AddHours(i * 1111));
            var text = await Tool.Run(
                "oathtool", "oathtool", TestContext.Current.CancellationToken,
                "--totp", "--base32", "--now", $"{time:yyyy-MM-dd HH:mm:ss} UTC", Totp.ToBase32(secret));

            Assert.Equal(text, Totp.Code(secret, Totp.StepOf(time)));
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_standard(string bytes, string text) =>
        Assert.Equal(text, Totp.ToBase32(System.Text.Encoding.ASCII.GetBytes(bytes)));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_is_good_one_step_early_and_one_late(int steps, bool isGood)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var step = Totp.StepOf(now) + steps;

        Assert.Equal(isGood ? step : null, Totp.Match(Secret, Totp.Code(Secret, step), lastStep: 0, now));
    }

    [Fact]
    public void A_code_of_a_step_that_was_used_or_one_before_it_is_not_good_again()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var step = Totp.StepOf(now);

        Assert.Null(Totp.Match(Secret, Totp.Code(Secret, step), lastStep: step, now));
        Assert.Null(Totp.Match(Secret, Totp.Code(Secret, step - 1), lastStep: step, now));
        Assert.Equal(step + 1, Totp.Match(Secret, Totp.Code(Secret, step + 1), lastStep: step, now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("12345\0")]
    public void What_is_no_code_matches_nothing(string code) =>
        Assert.Null(Totp.Match(Secret, code, lastStep: 0, DateTimeOffset.UnixEpoch.AddDays(20_000)));
}
