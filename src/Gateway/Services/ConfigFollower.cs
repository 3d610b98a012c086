using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// Follows the file: told by the folder, where the system tells, and by looking every few seconds, since mounted
/// folders and swapped links often tell nothing.
/// </summary>
internal sealed partial class ConfigFollower(
    ConfigService config, GatewayOptions options, TimeProvider time, ILogger<ConfigFollower> log) : BackgroundService
{
    private readonly Channel<bool> told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (config.IsConfigured)
        {
            // Before the server listens: the first request finds its route.
            await config.Load(cancellationToken);
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = Watch();
        var pause = TimeSpan.FromSeconds(options.PollSeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Wait(pause, stoppingToken);
                await config.Follow(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogLost(failure);
            }
        }
    }

    private async Task Wait(TimeSpan pause, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(
            Task.Delay(pause, time, either.Token), told.Reader.WaitToReadAsync(either.Token).AsTask());
        await either.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        told.Reader.TryRead(out _);
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var watcher = new FileSystemWatcher(config.File.Folder);
            FileSystemEventHandler changed = (_, _) => told.Writer.TryWrite(true);
            watcher.Changed += changed;
            watcher.Created += changed;
            watcher.Deleted += changed;
            watcher.Renamed += (_, _) => told.Writer.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The system has no watches left; looking does as well, a little later.
            LogNotTold(failure);
            return null;
        }
    }

    [LoggerMessage(11003, LogLevel.Warning,
        "The folder of the gateway's file cannot be watched: it is looked at instead")]
    private partial void LogNotTold(Exception exception);

    [LoggerMessage(11004, LogLevel.Error, "The gateway's file could not be looked at")]
    private partial void LogLost(Exception exception);
}
