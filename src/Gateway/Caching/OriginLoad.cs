using Gatehouse.Gateway.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Caching;

/// <summary>One request that the origin is asked, and what becomes of its answer.</summary>
/// <param name="key">That an answer is known by so far.</param>
/// <param name="stale">What is kept of it and may not be given unasked; null: nothing.</param>
/// <param name="land">Tells those who wait, as soon as there is something to tell.</param>
internal sealed class OriginLoad(
    AnswerCache cache, CacheRequest request, string key, StoredAnswer? stale, Action<Landing> land)
{
    private readonly HttpContext context = request.Context;
    private readonly HeadersBefore before = new(request.Context.Response.Headers);
    private readonly DateTimeOffset asked = cache.Today;
    private readonly long since = cache.Purged;
    private AnswerTimes? times;
    private List<KeyValuePair<string, StringValues>> head = [];
    private DateTimeOffset answered;
    private StoredAnswer? instead;
    private string insteadStatus = "";
    private bool isConditional;

    /// <summary>Nothing of it was to be kept before: the client's conditions are its own.</summary>
    public bool IsPass { get; init; }

    /// <summary>From before the load.</summary>
    public SharedFind Shared { get; init; }

    public async Task Run(RouteStep next, string fate)
    {
        var headers = context.Request.Headers;
        var (noneMatch, since304) = (headers.IfNoneMatch, headers.IfModifiedSince);
        Ask(headers, noneMatch.Count > 0 || since304.Count > 0);
        var inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var capture = new AnswerCapture(
            inner, self => Decide(self, fate), cache.TakenWithin, context.RequestAborted)
        {
            TooLong = NotKept,
        };
        try
        {
            context.Features.Set<IHttpResponseBodyFeature>(capture);
            await next(request.Exchange);
            await capture.End();
        }
        finally
        {
            context.Features.Set(inner);
            (headers.IfNoneMatch, headers.IfModifiedSince) = (noneMatch, since304);
        }

        if (instead is not null)
        {
            before.Restore();
            await KeptAnswer.Write(request, instead, cache.Today, insteadStatus);
            return;
        }

        Keep(capture);
        try
        {
            await capture.Finish();
        }
        catch (TimeoutException)
        {
            request.Exchange.Log.Broken = "client_too_slow";
            context.Abort();
        }
    }

    // Asked for the whole, the origin gives what can be kept; the client's own conditions are looked at here.
    private void Ask(IHeaderDictionary headers, bool hasConditions)
    {
        if (stale is { HasValidator: true })
        {
            isConditional = true;
            headers.IfNoneMatch = stale.ETag ?? StringValues.Empty;
            headers.IfModifiedSince = stale.ETag is null
                ? stale.Headers.First(one => one.Key.Equals("Last-Modified", StringComparison.OrdinalIgnoreCase)).Value
                : StringValues.Empty;
        }
        else if (hasConditions && !request.IsHead && !IsPass)
        {
            headers.IfNoneMatch = StringValues.Empty;
            headers.IfModifiedSince = StringValues.Empty;
        }
    }

    private CaptureMode Decide(AnswerCapture capture, string fate)
    {
        answered = cache.Today;
        var response = context.Response;
        if (isConditional && response.StatusCode == StatusCodes.Status304NotModified)
        {
            return request.Exchange.IsFallback ? Leave() : Refresh();
        }

        if (response.StatusCode is 500 or 502 or 503 or 504 && stale is not null && MayBeStale(stale))
        {
            (instead, insteadStatus) = (stale, CacheStatus.Stale(response.StatusCode, "stale-if-error"));
            cache.Counts.Add(request.Exchange.Route.Id, CacheOutcome.Stale);
            land(new Landing(stale));
            return CaptureMode.Discard;
        }

        cache.Counts.Add(request.Exchange.Route.Id, CacheOutcome.Miss);
        times = IsWhole() ? Judge(response.StatusCode, response.Headers) : null;
        if (times is not null)
        {
            head = [.. before.Added()];
            capture.Captured = new CapturedBytes(
                response.ContentLength, request.Exchange.Route.Cache!.BodyBytesMax, cache.UnderWay);
            CacheStatus.Add(context, $"{fate}; stored");
            return CaptureMode.Keep;
        }

        if (response.StatusCode < 500 && !request.IsHead && response.StatusCode != StatusCodes.Status304NotModified)
        {
            NotKept();
        }

        land(default);
        CacheStatus.Add(context, fate);
        return CaptureMode.PassOn;
    }

    // Those who come now do not wait for the next one.
    private void NotKept()
    {
        if (IsOfOrigin() && !request.IsPersonal)
        {
            cache.Pass(key, request.Place);
        }

        land(default);
    }

    private AnswerTimes? Judge(int status, IHeaderDictionary headers) => request.IsFor(headers.CacheControl)
        ? AnswerRules.Judge(status, headers, request.Exchange.Route.Cache!, asked, answered)
        : null;

    // None that the gateway gives in place of the destination's, nor that of another cluster.
    private bool IsOfOrigin() => request.Exchange is { IsFallback: false, Answer: { } answer } &&
        (int)answer.StatusCode == context.Response.StatusCode;

    // What ends with its connection may have ended early; a HEAD says nothing of the body.
    private bool IsWhole() => HttpMethods.IsGet(context.Request.Method) && IsOfOrigin() &&
        (context.Response.ContentLength is { } length
            ? length <= request.Exchange.Route.Cache!.BodyBytesMax
            : request.Exchange.Answer is { } answer && (answer.Version.Major > 1 ||
                answer.Headers.NonValidated.Contains("Transfer-Encoding") ||
                answer.Content.Headers.NonValidated.Contains("Content-Length")));

    private bool MayBeStale(StoredAnswer answer) =>
        !request.Said.NoCache && answer.StaleAt(answered) <= answer.Times.StaleIfError;

    // Another cluster has the same: that says nothing of the origin's, which stays as old as it is.
    private CaptureMode Leave()
    {
        (instead, insteadStatus) = (stale!, CacheStatus.Expired + "; fwd-status=304");
        cache.Counts.Add(request.Exchange.Route.Id, CacheOutcome.Stale);
        land(default);
        return CaptureMode.Discard;
    }

    private CaptureMode Refresh()
    {
        var refreshed = before.Added().Where(one => !IsOfBody(one.Key)).ToList();
        // What the 304 does not say again, it leaves as it was.
        IHeaderDictionary merged = new HeaderDictionary();
        foreach (var (name, values) in stale!.Headers.Where(kept => !refreshed.Exists(one =>
            one.Key.Equals(kept.Key, StringComparison.OrdinalIgnoreCase))).Concat(refreshed))
        {
            merged[name] = values;
        }

        merged.Age = context.Response.Headers.Age;
        var renewed = Judge(stale.Status, merged);
        merged.Remove("Age");
        instead = stale with
        {
            Headers = [.. merged],
            Times = renewed ?? stale.Times with { At = answered, AgeThen = TimeSpan.Zero, FreshFor = TimeSpan.Zero },
        };
        insteadStatus = CacheStatus.Expired + "; fwd-status=304; stored";
        cache.Counts.Add(request.Exchange.Route.Id, CacheOutcome.Revalidated);
        if (renewed is null)
        {
            cache.Remove(key);
        }
        else if (cache.Put(request, instead, since))
        {
            cache.Share(request, instead, Shared);
        }

        land(instead.IsFresh(answered) ? new Landing(instead) : default);
        return CaptureMode.Discard;
    }

    private static bool IsOfBody(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) &&
        !name.Equals("Content-Location", StringComparison.OrdinalIgnoreCase);

    private void Keep(AnswerCapture capture)
    {
        if (times is null || capture.Captured is not { } captured || request.Exchange.Log.Broken is not null ||
            context.RequestAborted.IsCancellationRequested ||
            request.Exchange.Answer?.TrailingHeaders.NonValidated.Count > 0 ||
            (context.Response.ContentLength is { } length && captured.Length != length))
        {
            return;
        }

        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, values) in head)
        {
            headers[name] = values;
        }

        var answer = new StoredAnswer
        {
            Status = context.Response.StatusCode,
            Headers = [.. head.Where(IsKept)],
            Body = captured.ToBody(),
            Times = times,
            ETag = headers.ETag.Count > 0 ? headers.ETag[0] : null,
            LastModified = AnswerRules.DateOf(headers.LastModified),
            Vary = AnswerRules.VaryOf(headers) ?? [],
            Tags = AnswerRules.TagsOf(headers),
        };
        if (cache.Put(request, answer, since))
        {
            capture.Settle(answer.Body);
            cache.Share(request, answer, Shared);
        }

        land(answer.IsFresh(answered) ? new Landing(answer) : default);
    }

    private static bool IsKept(KeyValuePair<string, StringValues> header) =>
        !header.Key.Equals("Age", StringComparison.OrdinalIgnoreCase) &&
        !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) &&
        !header.Key.Equals("Cache-Status", StringComparison.OrdinalIgnoreCase);
}
