namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>What a balancer before the gateways does: it asks each whether it wants requests, and heeds that.</summary>
internal sealed class ReadyGateways : IAsyncDisposable
{
    private readonly ProofGateway[] gateways;
    private readonly bool[] ready;
    private readonly CancellationTokenSource end = new();
    private readonly Task[] probes;
    private int turn;

    public ReadyGateways(params ProofGateway[] gateways)
    {
        this.gateways = gateways;
        ready = [.. gateways.Select(_ => true)];
        probes = [.. gateways.Select((_, i) => Probe(i))];
    }

    /// <summary>One after another of those that want requests.</summary>
    public ProofGateway Next()
    {
        for (var i = 0; i < gateways.Length; i++)
        {
            var place = Interlocked.Increment(ref turn) % gateways.Length;
            if (Volatile.Read(ref ready[place]))
            {
                return gateways[place];
            }
        }

        return gateways[0];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(probes);
        end.Dispose();
    }

    private async Task Probe(int place)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(gateways[place].Plain, "/health/ready"));
                Volatile.Write(ref ready[place], answer.IsSuccessStatusCode);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                Volatile.Write(ref ready[place], false);
            }

            await Task.Delay(50);
        }
    }
}
