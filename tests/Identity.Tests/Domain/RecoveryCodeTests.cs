using System.Globalization;
using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class RecoveryCodeTests
{
    [Fact]
    public void It_is_read_however_it_is_typed()
    {
        var code = RecoveryCode.New();

        Assert.Matches("^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$", code.Text);
        Assert.Equal(code.Hash, RecoveryCode.ParseOrNull(code.Text)?.Hash);
        Assert.Equal(code.Hash, RecoveryCode.ParseOrNull(
            code.Text.ToLower(CultureInfo.InvariantCulture).Replace('-', ' '))?.Hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA-BBBB-CCCC")]
    [InlineData("AAAA-BBBB-CCCC-DDD1")]
    [InlineData("AAAA-BBBB-CCCC-DDDDD")]
    public void What_we_never_made_is_none(string text) => Assert.Null(RecoveryCode.ParseOrNull(text));

    [Fact]
    public void It_does_not_print_itself() => Assert.Equal("RecoveryCode", RecoveryCode.New().ToString());
}
