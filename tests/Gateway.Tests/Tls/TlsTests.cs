using System.Net;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Tls;

/// <summary>HTTPS with real clients, who trust a root and know no other certificate.</summary>
public sealed class TlsTests
{
    private readonly TestAuthority authority = new();
    private readonly string folder = ScratchFolder.Create();

    [Fact]
    public async Task Each_name_gets_its_certificate_with_its_chain()
    {
        var api = authority.Issue(folder, "api", ["api.example", "www.example"]);
        var star = authority.Issue(folder, "star", ["*.shop.example"], isRsa: true, password: "a secret");
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(
            echo, new GatewayOptions(), Said("api", "api.example", "WWW.example"),
            Said("star", "*.shop.example") with { KeyPassword = "a secret" });

        Assert.Equal(api, await rig.Handshake("api.example"));
        Assert.Equal(api, await rig.Handshake("www.example"));
        Assert.Equal(star, await rig.Handshake("berlin.shop.example"));
        // No mark, no certificate: nobody is shown a name of somebody else.
        foreach (var stray in (string[])["shop.example", "127.0.0.1"])
        {
            var refusal = await Assert.ThrowsAnyAsync<Exception>(() => rig.Handshake(stray));
            Assert.DoesNotContain("RemoteCertificate", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_name_that_no_certificate_is_for_gets_the_one_by_default()
    {
        authority.Issue(folder, "api", ["api.example"]);
        var other = authority.Issue(folder, "other", ["other.example", "stray.example"]);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(
            echo, new GatewayOptions(), Said("api", "api.example"),
            Said("other", "other.example") with { IsDefault = true });

        Assert.Equal(other, await rig.Handshake("stray.example"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_versions_are_spoken_and_a_host_of_another_certificate_is_421(string version)
    {
        authority.Issue(folder, "api", ["api.example", "www.example"]);
        authority.Issue(folder, "bank", ["bank.example"]);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(
            echo, new GatewayOptions(), Said("api", "api.example", "www.example"), Said("bank", "bank.example"));
        using var client = rig.Client("api.example", isHttp2: version == "2.0");

        using var own = await Get(client, "https://api.example/x", version);
        using var shared = await Get(client, "https://www.example/x", version);
        using var other = await Get(client, "https://bank.example/x", version);

        Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (own.StatusCode, own.Version));
        Assert.Equal(HttpStatusCode.OK, shared.StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, other.StatusCode);
        Assert.Contains("misdirected_request", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_pair_is_taken_and_half_a_pair_keeps_the_one_before()
    {
        var first = authority.Issue(folder, "api", ["api.example"]);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(
            echo, new GatewayOptions { PollSeconds = 0.1 }, Said("api", "api.example"));
        var key = Path.Combine(folder, "api.key");
        Assert.Equal(first, await rig.Handshake("api.example"));

        authority.Issue(folder, "new", ["api.example"]);
        File.Copy(Path.Combine(folder, "new.crt"), Path.Combine(folder, "api.crt"), overwrite: true);
        await Until(() => rig.Certificates.All[0].Fault is not null, "the half pair to be refused");
        Assert.Equal(first, await rig.Handshake("api.example"));
        Assert.Contains(rig.Log.All, line => line.StartsWith("11281", StringComparison.Ordinal));

        File.Copy(Path.Combine(folder, "new.key"), key, overwrite: true);
        await Until(() => rig.Certificates.All[0].Fault is null, "the whole pair to be taken");
        Assert.NotEqual(first, await rig.Handshake("api.example"));

        File.Delete(key);
        await Until(() => rig.Certificates.All[0].Fault is not null, "the lost key to be seen");
        Assert.NotEqual(first, await rig.Handshake("api.example"));
    }

    [Fact]
    public async Task In_the_clear_one_is_sent_to_https_and_only_there_told_to_stay()
    {
        authority.Issue(folder, "api", ["api.example"]);
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n");
        await using var rig = await TlsRig.Start(
            authority, new GatewayOptions { RedirectToHttps = 8443, HstsDays = 2 },
            GatewayRig.RouteTo(upstream.Address), Said("api", "api.example"));
        using var client = rig.Client("api.example");

        using var plain = await client.PostAsync(new Uri("http://api.example/a%2Fb?c=d"), null);
        using var stray = await client.GetAsync(new Uri("http://evil.example/a"));
        using var health = await client.GetAsync(new Uri("http://api.example/health/ready"));
        using var secure = await client.GetAsync(new Uri("https://api.example/a"));

        Assert.Equal(HttpStatusCode.PermanentRedirect, plain.StatusCode);
        Assert.Equal("https://api.example:8443/a%2Fb?c=d", plain.Headers.GetValues("Location").Single());
        Assert.Equal(HttpStatusCode.MisdirectedRequest, stray.StatusCode);
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("own", await health.Content.ReadAsStringAsync());
        Assert.Equal("max-age=172800", secure.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Who_begins_no_handshake_is_cut_off()
    {
        authority.Issue(folder, "api", ["api.example"]);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(echo, new GatewayOptions(), Said("api", "api.example"));
        using var silent = await RawClient.Connect(rig.Secure);

        Assert.DoesNotContain("(silent)", await silent.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSSL_gets_the_new_versions_and_only_safe_ciphers()
    {
        authority.Issue(folder, "api", ["api.example"], isRsa: true);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(echo, new GatewayOptions(), Said("api", "api.example"));

        Assert.Contains("TLSv1.3", await OpenSsl(rig, "-tls1_3"), StringComparison.Ordinal);
        Assert.Contains("TLSv1.2", await OpenSsl(
            rig, "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256"), StringComparison.Ordinal);
        foreach (var old in (string[])[
            "-tls1_2 -cipher ECDHE-RSA-AES128-SHA", "-tls1_2 -cipher AES128-GCM-SHA256",
            "-tls1_1 -cipher DEFAULT@SECLEVEL=0"])
        {
            Assert.Contains("Cipher is (NONE)", await OpenSsl(rig, old), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Curl_trusts_what_it_gets()
    {
        authority.Issue(folder, "api", ["api.example"]);
        var root = Path.Combine(folder, "root.pem");
        await File.WriteAllTextAsync(root, authority.RootPem, TestContext.Current.CancellationToken);
        await using var echo = await EchoServer.Start();
        await using var rig = await Start(echo, new GatewayOptions(), Said("api", "api.example"));

        var said = await Tool.Run(
            "curl", "curl", TestContext.Current.CancellationToken, "-sS", "--noproxy", "*", "--cacert", root,
            "--resolve", $"api.example:{rig.Secure}:127.0.0.1", "-d", "hello",
            "-w", " %{http_version} %{response_code}", $"https://api.example:{rig.Secure}/");

        Assert.Equal("hello 2 200", said);
    }

    // It ends with an error after a handshake that fails: a shell takes that away.
    private static Task<string> OpenSsl(TlsRig rig, string how) => Tool.Run(
        "sh", "dash", TestContext.Current.CancellationToken, "-c",
        $"openssl s_client -connect 127.0.0.1:{rig.Secure} -servername api.example {how} </dev/null 2>&1; true");

    private static async Task<HttpResponseMessage> Get(HttpClient client, string address, string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.SendAsync(request);
    }

    private static Task Until(Func<bool> condition, string what) =>
        Poll.Until(condition, TimeSpan.FromSeconds(10), what, TestContext.Current.CancellationToken);

    private Task<TlsRig> Start(EchoServer echo, GatewayOptions options, params ServerCertificate[] certificates) =>
        TlsRig.Start(authority, options, GatewayRig.RouteTo(echo.Http1), certificates);

    private ServerCertificate Said(string name, params string[] hosts) => new(
        name, [.. hosts.Select(host => HostPattern.Parse(host, out _)!)],
        Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"));
}
