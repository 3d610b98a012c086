namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>When what did not arrive is tried again: ten attempts over a little more than three days.</summary>
internal static class WebhookRetries
{
    /// <summary>The longest that an endpoint may ask for with Retry-After.</summary>
    public static readonly TimeSpan AskedMax = TimeSpan.FromHours(24);

    /// <summary>More than so many that wait make nobody wait longer.</summary>
    public const int WaitingCountMax = 5_000;

    // Each is lengthened at random by up to so much, so that what failed together does not come back together.
    private const double JitterMax = 0.1;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>How long to wait after so many attempts; null when they are enough.</summary>
    /// <param name="attempts">Made since it was first to be sent, or sent again.</param>
    /// <param name="asked">What the endpoint asked for.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan? After(int attempts, TimeSpan? asked, double random)
    {
        if (attempts > Delays.Length)
        {
            return null;
        }

        var usual = Delays[attempts - 1] * (1 + (JitterMax * random));
        var wished = asked is { } wish && wish > AskedMax ? AskedMax : asked ?? TimeSpan.Zero;
        return wished > usual ? wished : usual;
    }

    /// <summary>
    /// Over how long those come back that found no place: about as long as the endpoint takes for all of them, if it
    /// answers within 0.1 s; 1 s to 2 min.
    /// </summary>
    /// <param name="waiting">Deliveries that wait for the endpoint.</param>
    /// <param name="places">Attempts that may be made there at once.</param>
    public static TimeSpan WhileBusy(int waiting, int places) =>
        TimeSpan.FromSeconds(Math.Clamp(waiting * 0.1 / places, 1, 120));
}
