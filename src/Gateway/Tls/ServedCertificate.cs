using System.Net.Security;
using System.Security.Authentication;

namespace Gatehouse.Gateway.Tls;

/// <summary>One generation of a certificate, ready for handshakes.</summary>
internal sealed class ServedCertificate(string id, string fingerprint, PemPair pair)
{
    public string Id => id;

    /// <summary>Of the files it was read of.</summary>
    public string Fingerprint => fingerprint;

    public DateTimeOffset From { get; } = new(pair.Certificate.NotBefore.ToUniversalTime());

    public DateTimeOffset To { get; } = new(pair.Certificate.NotAfter.ToUniversalTime());

    /// <summary>The same for each handshake, so that sessions are resumed.</summary>
    public SslServerAuthenticationOptions Handshake { get; } = new()
    {
        ServerCertificateContext = pair.ToContext(),
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
#pragma warning disable CA5398 // The two that are safe; the system's own choice may hold older ones.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        AllowRenegotiation = false,
        CipherSuitesPolicy = OperatingSystem.IsWindows() ? null : ForwardSecret(),
    };

    public bool IsValid(DateTimeOffset now) => From <= now && now <= To;

    // Those of TLS 1.2 with an ephemeral key and authenticated encryption: what HTTP/2 allows (RFC 9113, appendix A).
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static CipherSuitesPolicy ForwardSecret() => new(
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]);
}

/// <summary>Feature of a connection with TLS: which certificate it was begun with.</summary>
internal sealed record TlsConnection(ServedCertificate Certificate);
