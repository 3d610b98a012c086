using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Tls;

/// <summary>
/// The certificates in force. One whose files cannot be used any more keeps serving as it was read before.
/// </summary>
internal sealed partial class ServerCertificates
{
    private readonly TimeProvider time;
    private readonly ILogger<ServerCertificates> log;
    private readonly Lock gate = new();
    private Dictionary<string, Held> held = new(StringComparer.Ordinal);
    private IReadOnlyList<ServerCertificate> said = [];
    private string taken = "";
    private volatile CertificateTable table = CertificateTable.Empty;

    /// <exception cref="StartupException">A listener with TLS, and no file with certificates.</exception>
    public ServerCertificates(
        HttpOptions http, GatewayOptions options, Snapshots snapshots, TimeProvider time,
        ILogger<ServerCertificates> log)
    {
        this.time = time;
        this.log = log;
        AreServed = http.HttpsUrl.Length > 0;
        if (!AreServed)
        {
            return;
        }

        if (options.File.Length == 0)
        {
            throw new StartupException(
                "GATEHOUSE_HTTP__HTTPSURL needs GATEHOUSE_GATEWAY__FILE: the certificates are in it.");
        }

        said = snapshots.Current.Certificates;
        Take();
        snapshots.BeforeSwap(next =>
        {
            lock (gate)
            {
                said = next.Certificates;
                Take();
            }
        });
        GatehouseMeter.Meter.CreateObservableGauge(
            "gatehouse.gateway.certificate.days", Days, "d", "Until a certificate of the gateway expires.");
    }

    /// <summary>False without a listener with TLS: then none is read.</summary>
    public bool AreServed { get; }

    public CertificateTable Table => table;

    /// <summary>Of all, as they are now; a list of its own each time.</summary>
    public IReadOnlyList<Held> All
    {
        get
        {
            lock (gate)
            {
                return [.. held.Values];
            }
        }
    }

    /// <summary>Of the files as they are now.</summary>
    public string Fingerprint()
    {
        IReadOnlyList<ServerCertificate> now;
        lock (gate)
        {
            now = said;
        }

        return string.Join('\n', now.Select(FingerprintOf));
    }

    /// <summary>Whether the files are others than those that were read last.</summary>
    public bool IsOther(string fingerprint)
    {
        lock (gate)
        {
            return fingerprint != taken;
        }
    }

    /// <summary>Reads what has changed.</summary>
    public void Take()
    {
        lock (gate)
        {
            var next = new Dictionary<string, Held>(StringComparer.Ordinal);
            var fingerprints = new List<string>();
            foreach (var certificate in said)
            {
                var fingerprint = FingerprintOf(certificate);
                fingerprints.Add(fingerprint);
                next[certificate.Id] = Read(certificate, fingerprint, held.GetValueOrDefault(certificate.Id)?.Served);
            }

            held = next;
            taken = string.Join('\n', fingerprints);
            table = new CertificateTable(said
                .Where(certificate => next[certificate.Id].Served is not null)
                .Select(certificate => (certificate, next[certificate.Id].Served!)));
        }
    }

    private Held Read(ServerCertificate certificate, string fingerprint, ServedCertificate? before)
    {
        if (before?.Fingerprint == fingerprint)
        {
            return new Held(certificate.Id, before, null);
        }

        var pair = PemPair.Read(
            certificate.CertificateFile, certificate.KeyFile, certificate.KeyPassword, out var fault);
        if (pair is null)
        {
            LogBroken(certificate.Id, fault!.Reason, before is not null);
            return new Held(certificate.Id, before, fault.Reason);
        }

        var served = new ServedCertificate(certificate.Id, fingerprint, pair);
        LogTaken(served.Id, served.From, served.To);
        if (!served.IsValid(time.Now()))
        {
            LogNotValid(served.Id, served.From, served.To);
        }

        return new Held(served.Id, served, null);
    }

    private static string FingerprintOf(ServerCertificate certificate) => FileOnDisk.Fingerprint(
        $"{certificate.Id} {certificate.KeyPassword?.GetHashCode(StringComparison.Ordinal)}",
        [certificate.CertificateFile, certificate.KeyFile]);

    private IEnumerable<Measurement<double>> Days() =>
        from one in All
        let served = one.Served
        where served is not null
        select new Measurement<double>(
            (served.To - time.Now()).TotalDays, new KeyValuePair<string, object?>("certificate", one.Id));

    [LoggerMessage(11280, LogLevel.Information, "Certificate {Id} is in force: valid from {From:u} to {To:u}")]
    private partial void LogTaken(string id, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(11281, LogLevel.Error,
        "Certificate {Id} cannot be used: {Reason}. The one before stays in force: {HasBefore}")]
    private partial void LogBroken(string id, string reason, bool hasBefore);

    [LoggerMessage(11282, LogLevel.Warning, "Certificate {Id} is not valid now, but from {From:u} to {To:u}")]
    private partial void LogNotValid(string id, DateTimeOffset from, DateTimeOffset to);
}

/// <param name="Served">What handshakes get; null: nothing of it could be used yet.</param>
/// <param name="Fault">Of the files as they are now.</param>
internal sealed record Held(string Id, ServedCertificate? Served, string? Fault);
