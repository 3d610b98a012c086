using System.IO.Pipelines;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>What is kept of bodies, for how long, and for how much memory.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(100, 4096, true)]
    [InlineData(16_384, 16_384, true)]
    [InlineData(16_385, 32_768, true)]
    [InlineData(60_000, 0, false)]
    public async Task A_body_holds_what_it_has_while_there_is_memory(int bytes, int held, bool isReplayable)
    {
        var memory = new ReplayMemory(40_000);
        var sent = new byte[bytes];
        Random.Shared.NextBytes(sent);
        using var body = await Body(sent);

        await body.Keep(1_000_000, memory, CancellationToken.None);
        Assert.Equal(held, memory.Held);
        using var first = new MemoryStream();
        await body.CopyTo(first, CancellationToken.None);

        Assert.Equal(sent, first.ToArray());
        Assert.Equal(isReplayable, body.IsReplayable);
        body.Dispose();
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public async Task A_body_longer_than_is_kept_arrives_whole_all_the_same()
    {
        var sent = new byte[50_000];
        Random.Shared.NextBytes(sent);
        using var body = await Body(sent);

        await body.Keep(10_000, new ReplayMemory(40_000), CancellationToken.None);
        using var first = new MemoryStream();
        await body.CopyTo(first, CancellationToken.None);

        Assert.Equal(sent, first.ToArray());
        Assert.False(body.IsReplayable);
    }

    [Fact]
    public async Task A_body_that_is_waited_for_has_to_come_within_the_deadline()
    {
        using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
        {
            Deadline = TimeSpan.FromMilliseconds(300),
            Retry = new Retry(),
        });
        using var client = await RawClient.Connect(rig.Port);

        await client.Send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        await client.ReadUntil("deadline_exceeded");

        Assert.StartsWith("HTTP/1.1 504 ", client.Received, StringComparison.Ordinal);
        Assert.Equal(0, upstream.Connections);
    }

    private static async Task<RequestBody> Body(byte[] bytes)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(bytes);
        await pipe.Writer.CompleteAsync();
        return new RequestBody(pipe.Reader, null);
    }
}
