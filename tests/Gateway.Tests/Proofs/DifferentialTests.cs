using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Gateway.Tests.Framing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>
/// The framing cases with real servers behind the gateway: each is refused, or all of them read the one same request.
/// </summary>
[Collection(Alone.Name)]
public sealed class DifferentialTests
{
    private const string Last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Four_servers_read_the_same_request_or_none()
    {
        await using var nginx = await PassingServer.Nginx();
        await using var haProxy = await PassingServer.HaProxy();
        await using var node = await NodeServer.Start();
        await using var kestrel = await KestrelServer.Start();
        IOtherServer[] servers = [nginx, haProxy, node, kestrel];

        var read = await Task.WhenAll(servers.Select(ReadBy));

        var wrong = FramingCases.All.Index()
            .Select(one => (one.Item.Name, Fault: FaultOf(
                one.Item, [.. servers.Select((server, i) => (server.Name, read[i][one.Index]))])))
            .Where(one => one.Fault is not null)
            .Select(one => $"{one.Name}: {one.Fault}").ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.All(read, cases => Assert.True(cases.Count(one => one.Count == 1) >= 20, "Hardly anything arrived."));
    }

    /// <summary>For each case what the server read of it.</summary>
    private static async Task<IReadOnlyList<SeenRequest>[]> ReadBy(IOtherServer server)
    {
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(server.Address));
        var read = new List<IReadOnlyList<SeenRequest>>();
        foreach (var example in FramingCases.All)
        {
            await server.Take();
            await Send(rig.Port, example.Bytes);
            read.Add([.. (await server.Take()).Where(request => request.Target != "/last")]);
        }

        return [.. read];
    }

    // What was left of the case would be read before the last request, and be seen.
    private static async Task Send(int port, string bytes)
    {
        using var client = await RawClient.Connect(port);
        await client.Send(bytes);
        await client.ReadAnswer();
        try
        {
            await client.Send(Last);
            await client.ReadToEnd();
        }
        catch (IOException)
        {
            // The gateway has closed: it reads no more.
        }
    }

    private static string? FaultOf(
        FramingCase example, (string Server, IReadOnlyList<SeenRequest> Read)[] all)
    {
        var (_, first) = all[0];
        if (first.Count > 1 || all.Any(one => !one.Read.SequenceEqual(first)))
        {
            return string.Join("; ", all.Select(one => $"{one.Server} read {string.Join(" and ", one.Read)}"));
        }

        if (first.Count == 0)
        {
            return example.MayRefuse ? null : "refused by all";
        }

        return example.Line is { } line && $"{first[0].Method} {first[0].Target} HTTP/1.1" == line &&
            first[0].Body == example.Body
            ? null
            : $"all read {first[0]}";
    }
}
