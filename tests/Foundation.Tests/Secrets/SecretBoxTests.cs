using System.Security.Cryptography;
using Gatehouse.Foundation.Secrets;

namespace Gatehouse.Foundation.Tests.Secrets;

public sealed class SecretBoxTests
{
    private readonly SecretBox box = new(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes));

    [Fact]
    public void What_is_sealed_opens_for_its_purpose_and_no_other()
    {
        var sealedText = box.Seal("identity/signing-key/1", "secret"u8);

        Assert.Equal("secret"u8.ToArray(), box.Open("identity/signing-key/1", sealedText));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("identity/signing-key/2", sealedText));
    }

    [Fact]
    public void Another_key_opens_nothing()
    {
        var other = new SecretBox(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes));

        Assert.ThrowsAny<CryptographicException>(() => other.Open("purpose", box.Seal("purpose", "secret"u8)));
    }

    [Fact]
    public void Every_changed_character_is_noticed()
    {
        // 35 bytes fill their last character, so that each character counts.
        var sealedText = box.Seal("purpose", "1234567"u8);
        for (var i = 0; i < sealedText.Length; i++)
        {
            var changed = sealedText[..i] + (sealedText[i] == 'A' ? 'B' : 'A') + sealedText[(i + 1)..];
            Assert.ThrowsAny<CryptographicException>(() => box.Open("purpose", changed));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1.")]
    [InlineData("v1.AAAA")]
    [InlineData("v2.AAAA")]
    [InlineData("v1.not base64")]
    public void What_was_never_sealed_is_refused(string text) =>
        Assert.ThrowsAny<CryptographicException>(() => box.Open("purpose", text));

    [Fact]
    public void The_same_secret_is_sealed_to_another_text_each_time() =>
        Assert.NotEqual(box.Seal("purpose", "secret"u8), box.Seal("purpose", "secret"u8));

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SecretBox(new byte[16]));
}
