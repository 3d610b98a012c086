using System.Net;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>A gateway whose destination is itself.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task A_loop_ends_after_a_few_rounds_and_is_not_tried_again()
    {
        await using var rig = await GatewayRig.Start();
        rig.Swap(GatewayRig.RouteTo(rig.Http1) with { Retry = new Retry { Attempts = 4 } });
        using var client = new HttpClient();

        using var answer = await client.GetAsync(rig.Http1);

        Assert.Equal((HttpStatusCode)508, answer.StatusCode);
        Assert.Contains("forwarding_loop", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Gatehouse.Testing.Poll.Until(
            () => Forwarded(rig) > 5, TimeSpan.FromSeconds(5), "the lines of the rounds");
        Assert.Equal(6, Forwarded(rig));
    }

    [Fact]
    public async Task Gateways_in_a_row_and_other_proxies_are_no_loop()
    {
        using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var inner = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        await using var outer = await GatewayRig.Start(GatewayRig.RouteTo(inner.Http1));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, outer.Http1);
        request.Headers.TryAddWithoutValidation("Via", string.Join(", ", Enumerable.Repeat("1.1 squid", 20)));

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static int Forwarded(GatewayRig rig) =>
        rig.Log.All.Count(line => line.StartsWith("11100 GET", StringComparison.Ordinal));
}
