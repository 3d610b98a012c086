using Gatehouse.Gateway.Tests.Tls;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Two gateways and two upstreams are restarted one after another while everybody uses them.</summary>
[Collection(Alone.Name)]
public sealed class RollingTests
{
    private readonly string folder = ScratchFolder.Create();
    private readonly TestAuthority authority = new();
    private int revision;

    private string File => Path.Combine(folder, "gateway.yaml");

    [Fact]
    public async Task Restarts_fail_no_request_and_tell_web_sockets()
    {
        authority.Issue(folder, "api", ["api.example"]);
        var upstreams = new[] { await ProofUpstream.Start(), await ProofUpstream.Start() };
        Write(upstreams.Select(upstream => upstream.Address));
        using var first = new ProofGateway(File);
        using var second = new ProofGateway(File);
        await Task.WhenAll(first.Start(), second.Start());
        await using var gateways = new ReadyGateways(first, second);
        using var end = new CancellationTokenSource();
        var clients = new RollingClients(gateways, authority, end.Token);
        Task[] load =
        [
            .. Enumerable.Range(0, 4).Select(_ => clients.AskForAnswers(isHttp2: false)),
            .. Enumerable.Range(0, 4).Select(_ => clients.AskForAnswers(isHttp2: true)),
            .. Enumerable.Range(0, 4).Select(_ => clients.ReadEvents()),
            .. Enumerable.Range(0, 8).Select(_ => clients.HoldSockets()),
        ];
        await Poll.Until(() => clients is { Unary: > 100, Streams: >= 4 }, TimeSpan.FromSeconds(10), "load");

        var longest = TimeSpan.Zero;
        for (var round = 0; round < ProofScale.Of(1, 20); round++)
        {
            foreach (var gateway in (ProofGateway[])[first, second])
            {
                var took = await gateway.Restart();
                longest = took > longest ? took : longest;
            }

            var one = round % 2;
            upstreams[one] = await Restart(upstreams[one], upstreams[1 - one], first, second);
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(
            clients.Wrong.IsEmpty,
            $"{clients.Wrong.Count} beside {clients.Unary}: {string.Join("\n", clients.Wrong.Take(10))}");
        Assert.True(clients.SocketsGoingAway >= 8, $"{clients.SocketsGoingAway} WebSockets were told.");
        Assert.True(clients.Streams > 4 && clients.Events > clients.Streams, "Events did not go on.");
        // What never ends by itself is not waited for until the deadline.
        Assert.True(longest < TimeSpan.FromSeconds(8), $"A gateway took {longest} to end.");
        ProofScale.Tell(
            $"{clients.Unary} requests, {clients.Streams} streams, {clients.SocketsGoingAway} WebSockets told 1001, " +
            $"the longest end {longest}");
        foreach (var upstream in upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    // Taken out before it goes, and put in again when it is back.
    private async Task<ProofUpstream> Restart(ProofUpstream upstream, ProofUpstream other, params ProofGateway[] told)
    {
        Write([other.Address]);
        await InForce(told);
        await upstream.DisposeAsync();
        var next = await ProofUpstream.Start(upstream.Address.Port);
        Write([other.Address, next.Address]);
        await InForce(told);
        return next;
    }

    private async Task InForce(ProofGateway[] gateways)
    {
        using var client = new HttpClient();
        foreach (var gateway in gateways)
        {
            await Poll.Until(
                async () =>
                {
                    using var answer = await client.GetAsync(new Uri(gateway.Plain, "/x"));
                    return answer.Headers.GetValues("X-Revision").Single() == $"{revision}";
                },
                TimeSpan.FromSeconds(10), "the file to be in force");
        }
    }

    private void Write(IEnumerable<Uri> upstreams)
    {
        revision++;
        GatewayFileText.Write(
            File, GatewayFileText.Of(revision, 0, [.. upstreams]) +
            "certificates:\n  api: { hosts: [api.example], certificate: api.crt, key: api.key }\n");
    }
}
