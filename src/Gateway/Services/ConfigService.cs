using Gatehouse.Foundation.Configuration;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// Brings what the file says into force: whole, or not at all. A file with faults changes nothing, and what was in
/// force before stays so.
/// </summary>
internal sealed partial class ConfigService(
    GatewayOptions options, OwnTokens ownTokens, Snapshots snapshots, TimeProvider time, ConfigMetrics metrics,
    ILogger<ConfigService> log) : IDisposable
{
    // How long a file must stay as it is before it is read: who writes it in place needs more than one step.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim gate = new(1, 1);
    private string fingerprint = "";
    private IReadOnlyCollection<string> valueFiles = [];
    private volatile ConfigState state = ConfigState.None;

    public bool IsConfigured => options.File.Length > 0;

    public FileOnDisk File { get; } = new(
        options.File.Length > 0 ? options.File : "gateway.yaml", ownTokens.CanBeChecked);

    public ConfigState State => state;

    /// <summary>At start.</summary>
    /// <exception cref="StartupException">The file has faults; the message names them all.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var file = Take();
            if (file.Faults.Count > 0)
            {
                throw new StartupException(
                    $"The gateway's file has faults.\n\n{Report(file).ToText()}");
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Looks whether the file is another one now, and takes it if so.</summary>
    public async Task Follow(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var seen = Fingerprint();
            while (seen != fingerprint)
            {
                await Task.Delay(Settling, time, cancellation);
                var again = Fingerprint();
                if (again == seen)
                {
                    Take();
                    return;
                }

                seen = again;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What the gateway would make of it.</summary>
    public GatewayFile Read(byte[] content) =>
        GatewayFile.Read(
            content, File.Folder, Environment.GetEnvironmentVariable, time.Now(), ownTokens.CanBeChecked);

    /// <summary>Writes the file and brings it into force; answers when it is.</summary>
    /// <param name="content">Without faults.</param>
    /// <param name="expected">The hash it must have now; null for any.</param>
    public async Task<Result<ConfigState>> Replace(
        byte[] content, string? expected, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (expected is not null && (expected != state.Hash || expected != File.Hash()))
            {
                return Stale();
            }

            File.Write(content);
            Take();
            return state;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(failure);
            return new Problem(
                ProblemCodes.WrongState, "The gateway's file cannot be written here: change it at its source.");
        }
        finally
        {
            gate.Release();
        }
    }

    public static Problem Stale() => new(
        ProblemCodes.PreconditionFailed,
        "The gateway's file is another one by now, or was changed by hand and refused. Read it again.");

    public void Dispose() => gate.Dispose();

    // Under the gate.
    private GatewayFile Take()
    {
        var file = File.Read();
        if (file.Snapshot is { } read)
        {
            var next = read with { Revision = snapshots.Current.Revision + 1 };
            state = new ConfigState(next.Revision, file.Hash, time.Now(), file.Document, file.ValueFiles, null);
            snapshots.Swap(next);
            LogInForce(next.Revision, next.Routes.Routes.Count, next.Clusters.Count, file.Hash);
        }
        else
        {
            var first = file.Faults[0];
            state = state with { Refusal = new Refusal(time.Now(), file.Hash, Report(file)) };
            if (state.Revision > 0)
            {
                // At start all of them are told, and the process ends.
                LogRefused(file.Faults.Count, first.Line, first.Column, first.Rule, state.Revision);
            }
        }

        metrics.Read(file.Snapshot is not null, state);
        // Of what was read, not of what is there by now; of a refused file too, for which a value may come yet.
        valueFiles = file.ValueFiles;
        fingerprint = FileOnDisk.Fingerprint(file.Hash, valueFiles);
        return file;
    }

    private string Fingerprint() => FileOnDisk.Fingerprint(File.Hash(), valueFiles);

    private Contracts.Gateway.GatewayFileReport Report(GatewayFile file) =>
        new(File.Path, file.RouteCount, file.ClusterCount, file.Faults);

    [LoggerMessage(11000, LogLevel.Information,
        "The gateway's file is in force: revision {Revision}, {Routes} routes, {Clusters} clusters, sha256 {Hash}")]
    private partial void LogInForce(long revision, int routes, int clusters, string hash);

    [LoggerMessage(11001, LogLevel.Error,
        "The gateway's file is refused: {Faults} faults, the first in line {Line}:{Column}, {Rule}; " +
        "revision {Revision} stays in force. 'gatehouse gateway check' names them all")]
    private partial void LogRefused(int faults, int line, int column, string rule, long revision);

    [LoggerMessage(11002, LogLevel.Warning, "The gateway's file cannot be written")]
    private partial void LogNotWritten(Exception exception);
}
