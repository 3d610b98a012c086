using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Gateway.Tests.Tls;

/// <summary>A root that clients of a test trust, and one below it that issues: a server has to send that along.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 issuer;

    public TestAuthority()
    {
        var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ofRoot = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256);
        ofRoot.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root = ofRoot.CreateSelfSigned(Now.AddDays(-9), Now.AddDays(90));
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ofIssuer = new CertificateRequest("CN=Test issuer", key, HashAlgorithmName.SHA256);
        ofIssuer.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        issuer = ofIssuer.Create(root, Now.AddDays(-8), Now.AddDays(80), [1]).CopyWithPrivateKey(key);
    }

    public string RootPem => root.ExportCertificatePem();

    /// <summary>Trusts the root and knows no other certificate.</summary>
    public SslClientAuthenticationOptions Trusting(string host)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(root);
        return new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy };
    }

    /// <summary>Writes NAME.crt, with the chain, and NAME.key; answers the hash of the certificate.</summary>
    public string Issue(string folder, string name, string[] hosts, bool isRsa = false, string? password = null)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!),
            Now.AddDays(-1), Now.AddDays(30), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(
            Path.Combine(folder, $"{name}.crt"),
            $"{made.ExportCertificatePem()}\n{issuer.ExportCertificatePem()}\n");
        File.WriteAllText(
            Path.Combine(folder, $"{name}.key"),
            password is null
                ? key.ExportPkcs8PrivateKeyPem()
                : key.ExportEncryptedPkcs8PrivateKeyPem(
                    password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)));
        return made.GetCertHashString();
    }
}
