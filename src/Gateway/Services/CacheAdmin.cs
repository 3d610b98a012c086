using System.Text.Json.Nodes;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Caching;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>What is kept of answers, and how an administrator has it forgotten.</summary>
internal sealed partial class CacheAdmin(AnswerCache cache, AdminAudit audit, ILogger<CacheAdmin> log)
{
    private const string Below = "/**";
    private const int HostMax = 260;
    private const int PathMax = 4_096;
    private const int TagMax = 100;

    public CacheView Read() => new(
        cache.Count, cache.Bytes, cache.BytesMax, cache.IsShared,
        [
            .. cache.Counts.ByRoute.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new RouteCacheView(
                one.Key, one.Value.Of(CacheOutcome.Hit), one.Value.Of(CacheOutcome.Collapsed),
                one.Value.Of(CacheOutcome.Stale), one.Value.Of(CacheOutcome.Miss),
                one.Value.Of(CacheOutcome.Revalidated), one.Value.Of(CacheOutcome.Bypass))),
        ]);

    public async Task<Result<CachePurged>> Purge(PurgeRequest asked, CancellationToken cancellation)
    {
        var faults = new Faults();
        var host = faults.Text("host", asked.Host ?? "", 0, HostMax).ToLowerInvariant();
        var path = faults.Text("path", asked.Path ?? "", 0, PathMax);
        var tag = faults.Text("tag", asked.Tag ?? "", 0, TagMax);
        faults.Require(host.Length + path.Length + tag.Length > 0, "path", "or host or tag must be there");
        var isPrefix = path.EndsWith(Below, StringComparison.Ordinal);
        var canonical = isPrefix ? path[..^2] : path;
        if (path.Length > 0 && faults.Require(path[0] == '/', "path", "must begin with /"))
        {
            faults.Require(
                RequestTarget.TryParse(canonical, out var target, out var fault) &&
                    !canonical.Contains('?', StringComparison.Ordinal),
                "path", fault ?? "must be a path without query");
            canonical = target.Path;
        }

        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var before = cache.Count;
        await cache.Purge(new Purge(OrNull(host), OrNull(canonical ?? ""), isPrefix, OrNull(tag)));
        var purged = new CachePurged(Math.Max(0, before - cache.Count));
        LogPurged(RequestFacts.Current.Actor?.ToString() ?? "unknown", purged.Entries);
        await audit.TryWrite(
            new AuditFact("gateway.cache.purged", "gateway/cache")
            {
                After = new JsonObject { ["host"] = asked.Host, ["path"] = asked.Path, ["tag"] = asked.Tag }
                    .ToJsonString(),
            },
            cancellation);
        return purged;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    [LoggerMessage(11260, LogLevel.Information, "{Actor} purged the gateway's cache: {Entries} entries here")]
    private partial void LogPurged(string actor, int entries);
}

/// <summary>What is to be forgotten; each part that is said must hold.</summary>
/// <param name="Host">As clients ask for it, with a port where they send one.</param>
/// <param name="Path">Whatever its query; what ends with <c>/**</c> is all below.</param>
/// <param name="Tag">Of the origin's <c>Cache-Tag</c> or <c>Surrogate-Key</c>.</param>
internal sealed record PurgeRequest(string? Host = null, string? Path = null, string? Tag = null);

/// <param name="Entries">That went from this gateway; others forget theirs a moment later.</param>
internal sealed record CachePurged(int Entries);

/// <summary>The cache of this gateway.</summary>
/// <param name="Shared">With other gateways, in Redis.</param>
/// <param name="Routes">Since the start; past a thousand of them under <c>other</c>.</param>
internal sealed record CacheView(
    int Entries, long Bytes, long BytesMax, bool Shared, IReadOnlyList<RouteCacheView> Routes);

/// <param name="Hits">Answered from what was kept.</param>
/// <param name="Collapsed">Answered with what another request was just bringing.</param>
/// <param name="Stale">Answered with what was past its time.</param>
/// <param name="Misses">Asked of a destination.</param>
/// <param name="Revalidated">Asked, and what was kept still held.</param>
/// <param name="Bypassed">Not for a cache.</param>
internal sealed record RouteCacheView(
    string Route, long Hits, long Collapsed, long Stale, long Misses, long Revalidated, long Bypassed);
