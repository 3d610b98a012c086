using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests.Commands;

/// <summary>What an operator who sets mail up is told.</summary>
public sealed class MailCommandTests : IDisposable
{
    private readonly Executable gatehouse = new();

    public void Dispose() => gatehouse.Dispose();

    [Fact]
    public async Task Without_a_server_the_test_mail_becomes_a_file()
    {
        var outcome = await gatehouse.Run("mail", "test", "--to", "ann@example.org");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var folder = Path.Combine(gatehouse.Folder, "data", "mail");
        Assert.Contains(folder, outcome.Output, StringComparison.Ordinal);
        var mail = MimeMessage.Read(Assert.Single(Directory.GetFiles(folder, "*.eml")));
        Assert.Equal("ann@example.org", mail["To"]);
        Assert.Equal("Test mail from Gatehouse", mail["Subject"]);
    }

    [Fact]
    public async Task A_server_that_refuses_is_quoted()
    {
        await using var sink = SmtpSink.Start();
        sink.Script = said => said.StartsWith("RCPT", StringComparison.Ordinal)
            ? SinkAct.Reply("550 5.7.1 Relaying denied")
            : null;
        Use(sink);
        gatehouse.Variables["GATEHOUSE_MAIL__STARTTLS"] = "false";

        var outcome = await gatehouse.Run("mail", "test", "--to", "ann@example.org");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("550", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("5.7.1 Relaying denied", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task By_starttls_the_password_and_the_mail_go_only_to_a_server_with_a_good_certificate()
    {
        using var certificate = Certificate();
        await using var sink = SmtpSink.Start(certificate: certificate);
        sink.Account = ("box", "office");
        Use(sink);
        gatehouse.Variables["GATEHOUSE_MAIL__SMTPUSER"] = "box";
        gatehouse.Variables["GATEHOUSE_MAIL__SMTPPASSWORD"] = "office";
        var unknown = await gatehouse.Run("mail", "test", "--to", "ann@example.org");
        var trusted = Path.Combine(gatehouse.Folder, "trusted.pem");
        await File.WriteAllTextAsync(
            trusted, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        gatehouse.Variables["SSL_CERT_FILE"] = trusted;
        var known = await gatehouse.Run("mail", "test", "--to", "ann@example.org");

        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("certificate", unknown.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((0, ""), (known.ExitCode, known.Errors));
        Assert.True(Assert.Single(sink.Mails).Secured);
        Assert.Single(sink.Commands, said => said.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        var outcome = await gatehouse.Run("mail", "test", "--to", "ann");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("--to must be an e-mail address", outcome.Errors, StringComparison.Ordinal);
    }

    private void Use(SmtpSink sink)
    {
        gatehouse.Variables["GATEHOUSE_MAIL__FROM"] = "Box office <box@example.org>";
        gatehouse.Variables["GATEHOUSE_MAIL__SMTPHOST"] = "localhost";
        gatehouse.Variables["GATEHOUSE_MAIL__PUBLICURL"] = "https://tickets.example.org";
        gatehouse.Variables["GATEHOUSE_MAIL__SMTPPORT"] = $"{sink.Port}";
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
