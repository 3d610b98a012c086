using System.Globalization;
using Gatehouse.Foundation.Authentication;
using Microsoft.AspNetCore.Authentication;

namespace Gatehouse.Foundation.Tests.Authentication;

public sealed class TokenCacheTests
{
    private static readonly VerifiedToken Token = new(AuthenticateResult.NoResult(), "kid", DateTimeOffset.UnixEpoch);
    private readonly TokenCache<VerifiedToken> cache = new();

    [Fact]
    public void It_never_holds_more_than_its_bound()
    {
        for (var i = 0; i < 3 * TokenCache<VerifiedToken>.EntriesMax; i++)
        {
            cache.Add(Hash(i), Token);
            Assert.True(cache.Count <= TokenCache<VerifiedToken>.EntriesMax);
        }

        Assert.True(cache.Count > TokenCache<VerifiedToken>.EntriesMax / 2 - 1);
    }

    [Fact]
    public void What_is_used_stays_and_what_is_not_goes()
    {
        cache.Add(Hash(-1), Token);
        cache.Add(Hash(-2), Token);
        for (var i = 0; i < 3 * TokenCache<VerifiedToken>.EntriesMax; i++)
        {
            cache.Add(Hash(i), Token);
            Assert.NotNull(cache.Find(Hash(-1)));
        }

        Assert.Null(cache.Find(Hash(-2)));
    }

    private static TokenHash Hash(int number) => TokenHash.Of(number.ToString(CultureInfo.InvariantCulture));
}
