using System.Diagnostics;
using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Domain;

/// <summary>The vector of docs/ticket-codes.md, and the programs that are shown there.</summary>
public sealed class TicketCodeTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Solution.Root, "docs", "ticket-codes.md"));
    private static readonly string Code = Shown("code");
    private static readonly string Jwk = Shown("key");
    private static readonly EventId Of = new(Guid.Parse(Shown("event")));
    private static readonly TicketId Id = new(Guid.Parse(Shown("ticket")));

    [Fact]
    public void The_code_of_the_document_says_what_the_document_says()
    {
        Assert.Equal(TicketCode.Letters, Code.Length);
        var (claim, bytes) = TicketCode.Read(Code)!.Value;
        Assert.Equal(
            (Shown("kid"), Of, Id, TicketCode.FirstVersion), (claim.Kid, claim.Event, claim.Ticket, claim.Version));
        Assert.Equal(Shown("signed"), Convert.ToHexStringLower(bytes.AsSpan(0, TicketCode.SignedBytes)));
        Assert.Equal(Code, Base32.Encode(bytes));
        Assert.Equal(bytes, TicketCode.Read(Code.ToLowerInvariant())!.Value.Bytes);
        Assert.Equal(
            Shown("kid"),
            Base32.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Jwk)).AsSpan(0, TicketCode.KidBytes)));
    }

    [Fact]
    public void A_signed_code_is_taken_and_no_bit_of_it_can_be_changed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var verifier = new TicketVerifier(key.ExportParameters(includePrivateParameters: false));
        var signer = new TicketSigner("GHAABCDE", () => ECDsa.Create(key.ExportParameters(true)));
        var code = signer.Sign(Of, Id);
        var bytes = TicketCode.Read(code)!.Value.Bytes;

        Assert.StartsWith("GHA", code, StringComparison.Ordinal);
        Assert.True(verifier.Verify(bytes));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(verifier.Verify(bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GHA")]
    [InlineData("GHA\0")]
    [InlineData("票")]
    public void What_is_no_code_is_none(string text)
    {
        Assert.Null(TicketCode.Read(text));
        Assert.Null(TicketCode.Read(Code.AsSpan(0, TicketCode.Letters - 1)));
        Assert.Null(TicketCode.Read(Code + "A"));
        Assert.Null(TicketCode.Read(string.Concat("GHB", Code.AsSpan(3))));
        Assert.Null(TicketCode.Read(string.Concat(Code.AsSpan(0, 167), "1")));
        Assert.Null(TicketCode.Read(new string('A', 10_000)));
    }

    [Theory]
    [InlineData("js", "node", "nodejs", "mjs")]
    [InlineData("sh", "bash", "openssl", "sh")]
    public async Task The_program_of_the_document_verifies_the_code_with_the_public_key_alone(
        string language, string program, string package, string ending)
    {
        var folder = ScratchFolder.Create();
        var file = Path.Combine(folder, $"verify.{ending}");
        await File.WriteAllTextAsync(file, Block(language), TestContext.Current.CancellationToken);
        var cancellation = TestContext.Current.CancellationToken;
        var arguments = language == "js" ? new[] { file, Jwk, Code } : [file, Pem(folder), Code];

        Assert.Equal($"good {Id}", await Tool.Run(program, package, cancellation, arguments));
        arguments[2] = Changed(Code);
        Assert.Equal("bad", await Tool.Run(program, package, cancellation, arguments));
    }

    private static string Changed(string code) =>
        string.Concat(code.AsSpan(0, 60), code[60] == 'A' ? "B" : "A", code.AsSpan(61));

    private static string Pem(string folder)
    {
        var key = System.Text.Json.JsonDocument.Parse(Jwk).RootElement;
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("x").GetString()),
                Y = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("y").GetString()),
            },
        });
        var file = Path.Combine(folder, "key.pem");
        File.WriteAllText(file, ec.ExportSubjectPublicKeyInfoPem());
        return file;
    }

    // A line of the table of the vector: | code | `…` |
    private static string Shown(string name)
    {
        var start = Page.IndexOf($"| {name} | `", StringComparison.Ordinal);
        Debug.Assert(start >= 0, name);
        start = Page.IndexOf('`', start) + 1;
        return Page[start..Page.IndexOf('`', start)];
    }

    private static string Block(string language)
    {
        var start = Page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
