namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>When what did not arrive is tried again: ten attempts over a little more than three days.</summary>
internal static class WebhookRetries
{
    /// <summary>The longest that an endpoint may ask for with Retry-After.</summary>
    public static readonly TimeSpan AskedMax = TimeSpan.FromHours(24);

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
}
