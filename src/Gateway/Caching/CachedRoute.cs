using Gatehouse.Foundation.Caching;
using Gatehouse.Gateway.Compressing;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Policies;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Caching;

/// <summary>Answers from what is kept where that may be, and keeps what the rest of the way brings.</summary>
internal sealed class CachedRoute(AnswerCache cache, Route route, RouteStep next)
{
    private const int RoundsMax = 3;

    public Task Answer(Exchange exchange)
    {
        var context = exchange.Context;
        if (exchange.IsTunnel || exchange.IsGrpc)
        {
            return next(exchange);
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            CacheStatus.AddLater(context, CacheStatus.Method);
            UnsafeAnswers.Watch(cache, exchange);
            return next(exchange);
        }

        if (route.Compression is not null)
        {
            AcceptedEncodings.Normalize(context.Request.Headers);
        }

        if (CacheRequest.Of(exchange) is not { } request)
        {
            cache.Counts.Add(route.Id, CacheOutcome.Bypass);
            CacheStatus.AddLater(context, CacheStatus.Bypass);
            return next(exchange);
        }

        var (slot, key) = cache.Find(request);
        var now = cache.Today;
        return slot?.Answer is { } kept && request.MayHave(kept, now)
            ? Give(request, kept, now, CacheOutcome.Hit)
            : Obtain(request, slot, key);
    }

    private async Task Obtain(CacheRequest request, CacheSlot? slot, string key)
    {
        if (request.Said.OnlyIfCached)
        {
            cache.Counts.Add(route.Id, CacheOutcome.Bypass);
            await EdgeAnswers.Refuse(request.Context, new Problem(
                GatewayProblemCodes.NotCached, "The request asks for what is kept alone, and nothing is."));
            return;
        }

        // What has to be asked for each time is asked for by each: waiting would bring nothing.
        var isAlone = request.IsAlone || slot is { IsPass: true } || slot?.Answer is { Times.NoCache: true };
        for (var round = 0; round < RoundsMax && !isAlone; round++)
        {
            var flight = cache.Flights.Join<Landing>(key, [request.Place.Host, request.Place.Path], out var isMine);
            if (isMine)
            {
                await Lead(request, slot, key, flight);
                return;
            }

            if (await Follow(request, slot, flight) is not { } isAgain)
            {
                return;
            }

            // Perhaps it is kept by now, or turned out to differ by headers: then under another key.
            (slot, key) = cache.Find(request);
            var now = cache.Today;
            if (slot?.Answer is { } kept && request.MayHave(kept, now))
            {
                await Give(request, kept, now, CacheOutcome.Collapsed);
                return;
            }

            isAlone = !isAgain;
        }

        await Load(request, slot, key, await cache.FindShared(request), static _ => { });
    }

    /// <summary>Null: it is answered. Else whether to wait for another.</summary>
    private async Task<bool?> Follow(CacheRequest request, CacheSlot? slot, Flight<Landing> flight)
    {
        var now = cache.Today;
        if (slot?.Answer is { } old && !old.Times.NoCache && old.StaleAt(now) <= old.Times.StaleWhileRevalidate)
        {
            await Give(request, old, now, CacheOutcome.Stale);
            return null;
        }

        Landing landing;
        try
        {
            var left = request.Exchange.Left;
            landing = await flight.Landing.WaitAsync(
                left > TimeSpan.Zero ? left : TimeSpan.Zero, request.Context.RequestAborted);
        }
        catch (TimeoutException)
        {
            return false;
        }

        now = cache.Today;
        if (landing.Answer is { Vary.Count: 0 } brought && (brought.IsFresh(now) || brought.IsUsable(now)))
        {
            await Give(request, brought, now, brought.IsFresh(now) ? CacheOutcome.Collapsed : CacheOutcome.Stale);
            return null;
        }

        // Under a key of its own there may be one for it, now or soon.
        return landing.IsAgain || landing.Answer is { Vary.Count: > 0 };
    }

    private async Task Lead(CacheRequest request, CacheSlot? slot, string key, Flight<Landing> flight)
    {
        var isLanded = false;
        void Land(Landing landing)
        {
            if (!isLanded)
            {
                isLanded = true;
                cache.Flights.End(flight);
                flight.Land(landing);
            }
        }

        try
        {
            // Before it is looked for: what is forgotten meanwhile is not to come back.
            var since = cache.Purged;
            var shared = await cache.FindShared(request);
            var now = cache.Today;
            if (shared.Answer is { } found && request.MayHave(found, now))
            {
                cache.Put(request, found, since);
                Land(new Landing(found));
                await Give(request, found, now, CacheOutcome.Hit);
                return;
            }

            await Load(request, slot, key, shared, Land);
        }
        finally
        {
            // Its own client went away, or the answer broke off: that is nothing to those who wait.
            Land(new Landing(null, IsAgain: true));
        }
    }

    private Task Load(CacheRequest request, CacheSlot? slot, string key, SharedFind shared, Action<Landing> land)
    {
        var stale = slot?.Answer ?? shared.Answer;
        stale = stale is not null && request.IsFor(stale) ? stale : null;
        var load = new OriginLoad(cache, request, key, stale, land)
        {
            IsPass = slot is { IsPass: true },
            Shared = shared,
        };
        var isFresh = stale?.IsFresh(cache.Today) == true;
        return load.Run(next, stale is null ? CacheStatus.Miss : isFresh ? CacheStatus.Asked : CacheStatus.Expired);
    }

    private Task Give(CacheRequest request, StoredAnswer kept, DateTimeOffset now, CacheOutcome outcome)
    {
        cache.Counts.Add(route.Id, outcome);
        var status = CacheStatus.Hit(kept.Times.FreshFor - kept.AgeAt(now));
        return KeptAnswer.Write(
            request, kept, now, outcome == CacheOutcome.Collapsed ? CacheStatus.Miss + "; collapsed" : status);
    }
}
