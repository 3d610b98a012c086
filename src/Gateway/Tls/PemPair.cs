using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Gateway.Configuration;

namespace Gatehouse.Gateway.Tls;

/// <summary>A certificate with its key and those between it and its root, read of two PEM files.</summary>
internal sealed class PemPair
{
    // OpenSSL refuses shorter ones at each handshake.
    private const int RsaBitsMin = 2048;

    private PemPair(X509Certificate2 certificate, X509Certificate2Collection others)
    {
        Certificate = certificate;
        Others = others;
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Others { get; }

    /// <summary>Null: there is a fault, in one of the two files.</summary>
    /// <param name="password">Of the key; null when it is not encrypted.</param>
    public static PemPair? Read(string certificateFile, string keyFile, string? password, out PemFault? fault)
    {
        if (!GatewayFile.TryBytes(certificateFile, out var bytes, out var reason))
        {
            fault = new PemFault(reason, IsKey: false);
            return null;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        fault = certificates.Count == 0 ? new PemFault("there is no certificate in PEM in it", IsKey: false)
            : certificates[0].GetRSAPublicKey() is { KeySize: < RsaBitsMin } rsa
                ? new PemFault($"its key has {rsa.KeySize} bits; {RsaBitsMin} are the least", IsKey: false)
            : null;
        if (fault is not null)
        {
            return null;
        }

        if (!GatewayFile.TryBytes(keyFile, out var keyBytes, out reason))
        {
            fault = new PemFault(reason, IsKey: true);
            return null;
        }

        var certificate = WithKey(certificates[0], Encoding.UTF8.GetString(keyBytes), password, out fault);
        CryptographicOperations.ZeroMemory(keyBytes);
        if (certificate is null)
        {
            return null;
        }

        certificates.RemoveAt(0);
        return new PemPair(certificate, certificates);
    }

    /// <summary>With the certificates to be sent along; nothing is fetched for it.</summary>
    public SslStreamCertificateContext ToContext() =>
        SslStreamCertificateContext.Create(Certificate, Others, offline: true);

    private static X509Certificate2? WithKey(
        X509Certificate2 certificate, string key, string? password, out PemFault? fault)
    {
        var isEncrypted = key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        fault = null;
        if (isEncrypted && password is null)
        {
            fault = new PemFault("the key is encrypted", IsKey: true, "add keyPassword");
            return null;
        }

        var pem = certificate.ExportCertificatePem();
        try
        {
            return isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(pem, key, password)
                : X509Certificate2.CreateFromPem(pem, key);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            fault = new PemFault(isEncrypted
                ? "the password does not open the key, or it is of another certificate"
                : "it is no private key in PEM, or of another certificate", IsKey: true);
            return null;
        }
    }
}

/// <param name="IsKey">It is in the key's file, or in both together; else in the certificate's.</param>
internal sealed record PemFault(string Reason, bool IsKey, string? Hint = null);
