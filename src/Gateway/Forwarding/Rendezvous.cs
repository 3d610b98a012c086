using System.Globalization;
using Gatehouse.Gateway.Destinations;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// The same key goes to the same destination in every gateway, and when one is taken out only its keys move (Thaler and
/// Ravishankar, 1998; with weights after Mosharaf, 2013).
/// </summary>
internal sealed class Rendezvous(string? header, string? parameter) : IBalancer
{
    public static ulong HashOf(ReadOnlySpan<char> text) => StableHash.Of(text);

    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange)
    {
        var key = KeyOf(exchange);
        var best = targets[0];
        var bestScore = double.MinValue;
        foreach (var target in targets)
        {
            // From 0 to 1 without its ends.
            var draw = ((StableHash.Mix(key ^ target.Hash) >> 11) + 0.5) / (1UL << 53);
            var score = -target.Weight / Math.Log(draw);
            if (score > bestScore)
            {
                (best, bestScore) = (target, score);
            }
        }

        return best;
    }

    private ulong KeyOf(Exchange exchange)
    {
        if (parameter is not null)
        {
            return HashOf(exchange.Match.Value(exchange.Path, parameter));
        }

        var value = header is null ? "" : exchange.Context.Request.Headers[header].ToString();
        // Without a key: by the client, which is better than all to one.
        return value.Length > 0
            ? HashOf(value)
            : HashOf(exchange.Context.Connection.RemoteIpAddress?.ToString() ?? "");
    }
}

/// <summary>A client that got an answer from a destination goes there again, as long as it is there.</summary>
internal sealed class StickyCookie(string name, IBalancer otherwise) : IBalancer
{
    public const string DefaultName = "gatehouse-destination";

    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange)
    {
        var context = exchange.Context;
        var sent = context.Request.Cookies[name];
        if (sent is not null)
        {
            foreach (var target in targets)
            {
                if (sent == ValueOf(target))
                {
                    return target;
                }
            }
        }

        var picked = otherwise.Pick(targets, exchange);
        exchange.Cookie = (name, ValueOf(picked));
        return picked;
    }

    // Not its name: that is nobody's business.
    private static string ValueOf(Target target) => target.Hash.ToString("x16", CultureInfo.InvariantCulture);
}
