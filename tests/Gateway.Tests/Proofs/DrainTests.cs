using System.Diagnostics;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>SIGTERM, as each who is connected sees it.</summary>
[Collection(Alone.Name)]
public sealed class DrainTests
{
    [Fact]
    public async Task A_gateway_that_goes_says_so_and_waits_for_nothing_without_end()
    {
        var file = Path.Combine(ScratchFolder.Create(), "gateway.yaml");
        await using var upstream = await ProofUpstream.Start();
        GatewayFileText.Write(file, GatewayFileText.Of(1, 0, upstream.Address));
        using var gateway = await GatewayProcess.Start(
            file, null, ("GATEHOUSE_HTTP__DRAINSECONDS", "2"), ("GATEHOUSE_HTTP__SHUTDOWNSECONDS", "60"));
        using var kept = await RawClient.Connect(gateway.Address.Port);
        await kept.Send("GET /before HTTP/1.1\r\nHost: a\r\n\r\n");
        await kept.ReadUntil("ok");
        Assert.DoesNotContain("Connection: close", kept.Received, StringComparison.Ordinal);
        using var events = await RawClient.Connect(gateway.Address.Port);
        await events.Send("GET /sse HTTP/1.1\r\nHost: a\r\n\r\n");
        await events.ReadUntil("data: x");
        using var socket = await RawWebSocket.Open(gateway.Address.Port);
        Assert.True(await socket.Echoes());

        var watch = Stopwatch.StartNew();
        var ended = gateway.Terminate(TimeSpan.FromSeconds(30));
        await Poll.Until(
            async () => (await gateway.Client.GetAsync("/health/ready")).StatusCode ==
                System.Net.HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(2), "readiness to say no");
        await kept.Send("GET /after HTTP/1.1\r\nHost: a\r\n\r\n");
        await kept.ReadUntil("Connection: close");

        Assert.EndsWith("0\r\n\r\n", await kept.ReadToEnd(), StringComparison.Ordinal);
        // An end between two events, and no reset.
        Assert.EndsWith("data: x\n\n\r\n0\r\n\r\n", await events.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(1001, await socket.CloseCode().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, await ended);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
    }
}
