using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// Hears what other processes announce of one module's database. While it cannot, work is found by looking after a
/// while: later, not lost.
/// </summary>
internal sealed partial class SignalListener(Database database, TimeProvider time, ILogger<SignalListener> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await database.Listen(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(exception.GetType().Name, database.Name);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    [LoggerMessage(1003, LogLevel.Information, "Not listening to {Module} ({Reason}); trying again")]
    private partial void LogLost(string reason, string module);
}
