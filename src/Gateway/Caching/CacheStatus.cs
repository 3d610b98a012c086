using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Caching;

/// <summary>Says what the cache did (RFC 9211).</summary>
internal static class CacheStatus
{
    public const string Bypass = "gatehouse; fwd=bypass";
    public const string Method = "gatehouse; fwd=method";
    public const string Miss = "gatehouse; fwd=uri-miss";
    public const string Asked = "gatehouse; fwd=request";
    public const string Expired = "gatehouse; fwd=stale";

    private const string Header = "Cache-Status";

    public static string Hit(TimeSpan ttl) =>
        string.Create(CultureInfo.InvariantCulture, $"gatehouse; hit; ttl={(long)Math.Floor(ttl.TotalSeconds)}");

    public static string Stale(int status, string why) =>
        string.Create(CultureInfo.InvariantCulture, $"gatehouse; fwd=stale; fwd-status={status}; detail={why}");

    /// <summary>Behind those of caches nearer to the origin.</summary>
    public static void Add(HttpContext context, string text) => context.Response.Headers.Append(Header, text);

    /// <summary>The same as soon as an answer begins, whoever makes it.</summary>
    public static void AddLater(HttpContext context, string text) => context.Response.OnStarting(
        static state =>
        {
            var (context, text) = ((HttpContext, string))state;
            Add(context, text);
            return Task.CompletedTask;
        },
        (context, text));
}
