using System.Net.Sockets;

namespace Gatehouse.Foundation.Resilience;

/// <summary>How one dependency is called. What is not said comes from <see cref="ResilienceOptions"/>.</summary>
public sealed record DependencyPolicy
{
    public static DependencyPolicy Default { get; } = new();

    /// <summary>One attempt may take so long; the work must heed its token.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failures in a row that open the breaker.</summary>
    public int? FailuresToOpen { get; init; }

    /// <summary>How long an open breaker refuses before it lets one probe through.</summary>
    public TimeSpan? OpenFor { get; init; }

    /// <summary>Attempts at most, the first included; 1 for never again.</summary>
    public int AttemptsMax { get; init; } = 4;

    /// <summary>The longest wait before the second attempt; twice as long each time, a random part of it.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The work may be done twice. Without this only a failure of which <see cref="NothingWasDone"/> is sure is tried
    /// again.
    /// </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Calls at once at most; none counts without it.</summary>
    public int? ConcurrencyMax { get; init; }

    /// <summary>Calls that may wait for a place, no longer than <see cref="AttemptTimeout"/>.</summary>
    public int QueueMax { get; init; }

    /// <summary>One of very many, such as a webhook's host: forgotten when unused, in metrics under its kind.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>Whether the exception speaks against the dependency. A caller who gave up never does.</summary>
    public Func<Exception, bool> IsFailure { get; init; } = static _ => true;

    /// <summary>Whether the exception says nothing of the dependency, since it was not asked.</summary>
    public Func<Exception, bool> SaysNothing { get; init; } = static _ => false;

    /// <summary>Whether another attempt may fare better.</summary>
    public Func<Exception, bool> CanPass { get; init; } = IsTransient;

    /// <summary>Whether the failure came before anything was asked of the dependency.</summary>
    public Func<Exception, bool> NothingWasDone { get; init; } = IsUnconnected;

    /// <summary>No answer, or none in time.</summary>
    public static bool IsTransient(Exception exception) => exception is
        DependencyTimeoutException or TimeoutException or HttpRequestException or SocketException or IOException
        or System.Data.Common.DbException { IsTransient: true };

    /// <summary>No connection came about.</summary>
    public static bool IsUnconnected(Exception exception) => exception switch
    {
        SocketException socket => socket.SocketErrorCode is
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable
            or SocketError.HostNotFound or SocketError.TryAgain,
        HttpRequestException http => http.HttpRequestError is
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        _ => false,
    };
}
