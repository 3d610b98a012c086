namespace Gatehouse.Bench.Gateway;

/// <param name="Bytes">Allocated a request; of ours alone.</param>
internal sealed record GatewayTurn(string Proxy, string Size, int Connections, Wrk Load, double Bytes);

/// <param name="Guarded">With a token and a local limit.</param>
/// <param name="Open">Without.</param>
internal sealed record GuardTurn(Wrk Guarded, Wrk Open);

/// <summary>What <c>benchmarks/results/gateway.json</c> holds.</summary>
internal sealed record GatewayReport(DateTimeOffset MeasuredAt, IReadOnlyList<GatewayTurn> Turns)
{
    private const double OfCaddyMin = 1.5;
    private const double OfNginxMin = 0.5;
    private const double OfOpenMin = 0.8;

    public IReadOnlyList<GuardTurn> Guards { get; init; } = [];

    /// <summary>What was promised and did not come about; empty when all did.</summary>
    public IEnumerable<string> Broken()
    {
        var ofOpen = Guards.Sum(turn => turn.Guarded.PerSecond) / Math.Max(1, Guards.Sum(turn => turn.Open.PerSecond));
        Console.WriteLine($"guards    {ofOpen:N2} of ours without");
        if (ofOpen < OfOpenMin || Guards.Any(turn => turn.Guarded.Failures > 0))
        {
            yield return $"with token and limit: {ofOpen:N2} of ours without, at least {OfOpenMin:N1} was promised";
        }

        foreach (var group in Turns.GroupBy(turn => (turn.Size, turn.Connections)))
        {
            var rates = group.GroupBy(turn => turn.Proxy).ToDictionary(
                turns => turns.Key, turns => turns.Average(turn => turn.Load.PerSecond), StringComparer.Ordinal);
            var (ofNginx, ofHaproxy, ofCaddy) = (
                rates["gatehouse"] / rates["nginx"], rates["gatehouse"] / rates["haproxy"],
                rates["gatehouse"] / rates["caddy"]);
            Console.WriteLine(
                $"{group.Key.Size,-4} {group.Key.Connections,5}  {ofNginx:N2} of nginx, {ofHaproxy:N2} of HAProxy, " +
                $"{ofCaddy:N2} of Caddy");
            if (ofNginx < OfNginxMin || ofCaddy < OfCaddyMin)
            {
                yield return $"{group.Key.Size} by {group.Key.Connections} connections: {ofNginx:N2} of nginx and " +
                    $"{ofCaddy:N2} of Caddy, at least {OfNginxMin:N1} and {OfCaddyMin:N1} were promised";
            }

            if (group.Any(turn => turn is { Proxy: "gatehouse", Load.Failures: > 0 }))
            {
                yield return $"{group.Key.Size} by {group.Key.Connections} connections: requests failed";
            }
        }
    }
}
