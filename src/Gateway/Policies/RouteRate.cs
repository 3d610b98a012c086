using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// One rate of a route. Its name is made of the route's id, so that a changed rate goes on from what was counted, and
/// gateways with one file count together.
/// </summary>
internal sealed class RouteRate(
    RateLimits limits, LimitPolicy policy, Func<Exchange, LimitKey> keyOf, RouteStep next)
{
    private const int NameMax = 64;

    public static LimitPolicy Policy(Route route, string what, LimitBy by, RateLimit rate) =>
        new(NameOf(route.Id, what), by, LimitAlgorithm.SlidingWindow, rate.Requests, rate.Per);

    public Task Pass(Exchange exchange)
    {
        var spending = limits.Spend(policy, keyOf(exchange), exchange.Context.RequestAborted);
        return spending.IsCompletedSuccessfully ? Go(exchange, spending.Result) : Later(exchange, spending);
    }

    private async Task Later(Exchange exchange, ValueTask<Decision> spending) => await Go(exchange, await spending);

    private Task Go(Exchange exchange, Decision decision)
    {
        Note(exchange, decision);
        return decision.Allowed ? next(exchange) : EdgeAnswers.Refuse(exchange.Context, decision.ToProblem());
    }

    private static void Note(Exchange exchange, Decision decision)
    {
        if (exchange.Spent is { } before)
        {
            exchange.Spent = decision.Allowed && before.Left <= decision.Left ? before : decision;
            return;
        }

        exchange.Spent = decision;
        // As the answer begins: in place of what the upstream says of limits of its own.
        exchange.Context.Response.OnStarting(static state =>
        {
            var exchange = (Exchange)state;
            exchange.Spent!.Value.Say(exchange.Context.Response.Headers);
            return Task.CompletedTask;
        }, exchange);
    }

    // Ids may have capitals and underscores, and be too long: these get a hash, so that no two become one.
    private static string NameOf(string id, string what)
    {
        var name = $"{id}.{what}";
        return name.Length <= NameMax && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ||
            c is '.' or '-')
            ? name
            : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..16]}.{what}";
    }
}
