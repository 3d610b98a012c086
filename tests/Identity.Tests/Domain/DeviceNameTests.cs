using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 " +
        "Safari/537.36 Edg/140.0.0.0",
        "Edge on Windows")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile " +
        "Safari/537.36",
        "Chrome on Android")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
        "Version/18.5 Mobile/15E148 Safari/604.1",
        "Safari on iPhone")]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 " +
        "Safari/605.1.15",
        "Safari on macOS")]
    [InlineData("Mozilla/5.0 Firefox/1", "Firefox")]
    [InlineData("Mozilla/5.0 (compatible; Robot/2.1)", "Mozilla")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("Gate-house.App_2+beta (more)", "Gate-house.App_2+beta")]
    public void A_client_is_called_what_people_call_it(string userAgent, string name) =>
        Assert.Equal(name, DeviceName.Of(userAgent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("/1.0")]
    [InlineData("\u202e\u2066\u0661")]
    public void What_says_nothing_has_no_name(string? userAgent) => Assert.Null(DeviceName.Of(userAgent));

    [Theory]
    [InlineData("a\r\nSet-Cookie:x", "aSet-Cookiex")]
    [InlineData("\u001b[31mred\u001b[0m", "31mred0m")]
    [InlineData("<script>alert(1)</script>", "scriptalert1")]
    [InlineData("=cmd|'x'!A1", "cmdxA1")]
    [InlineData("pаypal\u202egnp", "pypalgnp")]
    public void Nothing_but_plain_letters_comes_through(string userAgent, string name) =>
        Assert.Equal(name, DeviceName.Of(userAgent));

    [Fact]
    public void A_name_is_short_however_long_the_header() => Assert.All(
        new[] { new string('x', 100_000), "Mozilla/" + new string('x', 100_000) + "Firefox/" },
        userAgent => Assert.InRange(DeviceName.Of(userAgent)!.Length, 1, DeviceName.CharactersMax));
}
