using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>How often guests may book: they cost nothing to make, so their network address is what is counted.</summary>
/// <param name="limits">Null at the command line, where nobody is counted.</param>
internal sealed class GuestLimit(RateLimits? limits = null)
{
    public const string Name = "guest-booking";

    public static LimitPolicy Policy(TicketingOptions options) =>
        new(Name, LimitBy.Key, LimitAlgorithm.SlidingWindow, options.GuestBookingsPerHour, TimeSpan.FromHours(1));

    /// <summary><c>rate_limited</c>, or null when one may book.</summary>
    public async ValueTask<Problem?> Refusal(CancellationToken cancellation) => limits is not null &&
        await limits.Spend(limits[Name], LimitKey.Of(RequestFacts.Current.Client), cancellation)
            is { Allowed: false } refused
            ? refused.ToProblem()
            : null;
}
