using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Tls;

/// <summary>
/// Looks at the files of certificates, by content. Certificate and key are two files: they are read when both have been
/// as they are for a moment.
/// </summary>
internal sealed partial class CertificateFollower(
    ServerCertificates certificates, GatewayOptions options, TimeProvider time, ILogger<CertificateFollower> log)
    : BackgroundService
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    public override Task StartAsync(CancellationToken cancellationToken) =>
        certificates.AreServed ? base.StartAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromSeconds(options.PollSeconds);
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogLost(failure);
            }
        }
    }

    private async Task Look(CancellationToken cancellation)
    {
        for (var seen = certificates.Fingerprint(); certificates.IsOther(seen);)
        {
            await Task.Delay(Settling, time, cancellation);
            var again = certificates.Fingerprint();
            if (again == seen)
            {
                certificates.Take();
                return;
            }

            seen = again;
        }
    }

    [LoggerMessage(11283, LogLevel.Error, "The files of certificates could not be looked at")]
    private partial void LogLost(Exception exception);
}
