using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class ProfileTests
{
    private readonly Faults faults = new();

    [Theory]
    [InlineData("EN", "en")]
    [InlineData("pt-br", "pt-BR")]
    [InlineData("ZH-hANT-tw", "zh-Hant-TW")]
    [InlineData("es-419", "es-419")]
    [InlineData("de-CH-1996", "de-CH-1996")]
    [InlineData("sl-Rozaj-BISKE", "sl-rozaj-biske")]
    public void A_language_is_kept_in_its_usual_case(string typed, string kept) =>
        Assert.Equal(kept, Profile.ParseLanguage(typed, faults));

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("english")]
    [InlineData("en_US")]
    [InlineData("en-")]
    [InlineData("en\n")]
    [InlineData("en-US-u-ca-gregory")]
    [InlineData("i-klingon")]
    [InlineData("en-aaaaa-bbbbb-ccccc-ddddd-eeeee-fff")]
    public void What_is_no_language_tag_is_refused(string typed)
    {
        Assert.Null(Profile.ParseLanguage(typed, faults));
        Assert.Equal(1, faults.Count);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/Argentina/Buenos_Aires")]
    public void A_time_zone_is_one_of_the_tz_database(string typed) =>
        Assert.Equal(typed, Profile.ParseTimeZone(typed, faults));

    [Theory]
    [InlineData("")]
    [InlineData("CET")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("Europe/Atlantis")]
    [InlineData("europe/berlin")]
    [InlineData("../../../etc/passwd")]
    [InlineData("Europe/../Europe/Berlin")]
    [InlineData("Europe/Berlin\0")]
    public void What_is_no_time_zone_is_refused(string typed)
    {
        Assert.Null(Profile.ParseTimeZone(typed, faults));
        Assert.Equal(1, faults.Count);
    }
}
