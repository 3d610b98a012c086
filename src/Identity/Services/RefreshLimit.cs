using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Services;

/// <summary>
/// How often one session may move on. Each time leaves a row, and after so many of them a token that was stolen is told
/// from a made-up one no more: that must take longer than its owner is away. Counted before and given back unless the
/// session moved on, so that many who send the same token at once spend one.
/// </summary>
internal sealed class RefreshLimit(RateLimits limits)
{
    private const string Name = "refresh.session";

    /// <param name="session">Null where nothing will move on: that spends nothing.</param>
    /// <param name="cancellation">Looked at before.</param>
    public async Task<RefreshTurn> Spend(SessionId? session, CancellationToken cancellation)
    {
        if (session is not { } moving)
        {
            return new RefreshTurn(limits, spent: null);
        }

        var key = LimitKey.Of(moving.Value);
        return new RefreshTurn(limits, (key, await limits.Spend(limits[Name], key, cancellation)));
    }

    public static void Add(IServiceCollection services) => services
        .AddSingleton<RefreshLimit>()
        .AddRateLimit(provider => new LimitPolicy(
            Name,
            LimitBy.Key,
            LimitAlgorithm.FixedWindow,
            provider.GetRequiredService<IdentityOptions>().RefreshPerSessionHour,
            TimeSpan.FromHours(1)));
}

internal sealed class RefreshTurn(RateLimits limits, (LimitKey Key, Decision Decision)? spent) : IAsyncDisposable
{
    private bool kept;

    public Problem? Refusal => spent is { Decision.Allowed: false } refused ? refused.Decision.ToProblem() : null;

    public void Keep() => kept = true;

    public async ValueTask DisposeAsync()
    {
        if (spent is { } one && !kept)
        {
            await limits.GiveBack(one.Key, one.Decision);
        }
    }
}
