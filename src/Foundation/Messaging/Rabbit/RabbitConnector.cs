using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// Opens connections to the broker, and tells of an outage once, however many of them it ended.
/// </summary>
internal sealed partial class RabbitConnector(BrokerOptions options, TimeProvider time, ILogger<RabbitConnector> log)
{
    private readonly Lock gate = new();
    private readonly Outage outage = new(time);

    public async Task<RabbitLink> Open(string purpose, CancellationToken cancellation)
    {
        RabbitLink link;
        try
        {
            link = await RabbitLink.Open(options, purpose, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Lost(failure);
            throw;
        }

        TimeSpan? lasted;
        lock (gate)
        {
            lasted = outage.Over();
        }

        if (lasted is { } time)
        {
            RabbitMetrics.Reconnected();
            LogBack(time.TotalSeconds);
        }

        return link;
    }

    /// <summary>A connection ended, or could not be made.</summary>
    public void Lost(Exception failure)
    {
        bool isFirst;
        lock (gate)
        {
            isFirst = outage.Failed();
        }

        if (isFirst)
        {
            LogLost(Reason(failure));
        }
    }

    // Of the outermost exception the client says only that it failed. None of these texts has the address's password.
    private static string Reason(Exception failure)
    {
        var inner = failure.GetBaseException();
        return $"{inner.GetType().Name}: {inner.Message}";
    }

    [LoggerMessage(6201, LogLevel.Warning,
        "The broker cannot be reached ({Reason}): events wait in the outbox, and it is tried again and again")]
    private partial void LogLost(string reason);

    [LoggerMessage(6202, LogLevel.Information, "The broker is back after {Seconds:0.0} s")]
    private partial void LogBack(double seconds);
}
