using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// How often guests may book: they cost nothing to make, so their network address is what is counted; and the e-mail
/// address, which may be somebody else's, who would get the mails.
/// </summary>
/// <param name="limits">Null at the command line, where nobody is counted.</param>
internal sealed class GuestLimit(RateLimits? limits = null)
{
    private const string Address = "guest-booking";
    private const string Email = "guest-booking.email";
    private const int PerEmailAnHour = 10;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<GuestLimit>();
        services.AddRateLimit(provider =>
            Of(Address, provider.GetRequiredService<TicketingOptions>().GuestBookingsPerHour));
        services.AddRateLimit(_ => Of(Email, PerEmailAnHour));
    }

    /// <summary><c>rate_limited</c>, or null when one may book.</summary>
    public async ValueTask<Problem?> Refusal(UserId guest, CancellationToken cancellation) =>
        await Refusal(Address, LimitKey.Of(RequestFacts.Current.Client), cancellation)
        ?? await Refusal(Email, LimitKey.Of(guest.Value), cancellation);

    private static LimitPolicy Of(string name, int permits) =>
        new(name, LimitBy.Key, LimitAlgorithm.SlidingWindow, permits, TimeSpan.FromHours(1));

    private async ValueTask<Problem?> Refusal(string policy, LimitKey key, CancellationToken cancellation) =>
        limits is not null && await limits.Spend(limits[policy], key, cancellation) is { Allowed: false } refused
            ? refused.ToProblem()
            : null;
}
