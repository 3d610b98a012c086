using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Many who hold connections open, and some who only pretend to use them.</summary>
[Collection(Alone.Name)]
public sealed class CrowdTests
{
    // What the program is without anybody, and what each of the promised crowd may add.
    private const int EmptyMegabytes = 150;
    private const int FullMegabytes = 500;
    private const int FullSockets = 5_000;

    private readonly string file = Path.Combine(ScratchFolder.Create(), "gateway.yaml");

    [Fact]
    public async Task Idle_web_sockets_and_busy_connections_fit_into_their_memory()
    {
        var (idle, busy) = (ProofScale.Of(500, FullSockets), ProofScale.Of(100, 1_000));
        await using var upstream = await ProofUpstream.Start();
        GatewayFileText.Write(file, GatewayFileText.Of(1, 0, upstream.Address));
        using var gateway = await GatewayProcess.Start(file);
        var sockets = new List<RawWebSocket>();
        foreach (var some in Enumerable.Range(0, idle).Chunk(100))
        {
            sockets.AddRange(await Task.WhenAll(some.Select(_ => RawWebSocket.Open(gateway.Address.Port))));
        }

        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(ProofScale.Of(3, 30)));
        var served = await Task.WhenAll(Enumerable.Range(0, busy).Select(_ => Busy(gateway.Address.Port, end.Token)));
        var megabytes = PeakMegabytes(gateway.Id);

        var most = EmptyMegabytes + (FullMegabytes - EmptyMegabytes) * idle / FullSockets;
        Assert.True(megabytes < most, $"{megabytes} MB, and {most} are the most.");
        Assert.All(served, count => Assert.True(count > 0, "A busy connection was not served."));
        foreach (var socket in sockets.Where((_, i) => i % 50 == 0))
        {
            Assert.True(await socket.Echoes().WaitAsync(TimeSpan.FromSeconds(10)));
        }

        ProofScale.Tell($"{idle} WebSockets, {busy} connections, {served.Sum()} requests: {megabytes} MB at most");
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Slow_clients_are_cut_off_while_others_are_served()
    {
        await using var upstream = await ProofUpstream.Start();
        GatewayFileText.Write(file, GatewayFileText.Of(1, 0, upstream.Address));
        using var gateway = await GatewayProcess.Start(
            file, null, ("GATEHOUSE_HTTP__HEADERSECONDS", "2"), ("GATEHOUSE_GATEWAY__TAKENWITHINSECONDS", "3"));
        var port = gateway.Address.Port;
        var many = ProofScale.Of(20, 200);
        using var end = new CancellationTokenSource();
        var served = Busy(port, end.Token);

        var slow = new[]
        {
            Drip(many, port, "GET /slow HTTP/1.1\r\nHost: a\r\nX-Slow: "),
            Drip(many, port, "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"),
            Rest(many, port, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"),
        };
        var seconds = await Task.WhenAll(slow);

        await end.CancelAsync();
        Assert.True(await served > 100, $"Only {await served} requests of the others were served.");
        ProofScale.Tell($"{many} each: heads, bodies, readers were cut off after {string.Join(", ", seconds)} s");
    }

    /// <summary>How many requests, one after another, were answered.</summary>
    private static async Task<int> Busy(int port, CancellationToken end)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        var block = new byte[4096];
        var answered = 0;
        while (!end.IsCancellationRequested)
        {
            await stream.WriteAsync("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), CancellationToken.None);
            var text = "";
            while (!text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(block, CancellationToken.None);
                Assert.True(read > 0, "The connection of a busy client ended.");
                text += Encoding.ASCII.GetString(block, 0, read);
            }

            Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
            answered++;
        }

        return answered;
    }

    /// <summary>Sends a byte five times a second until it is cut off; answers after how long all were.</summary>
    private static Task<int> Drip(int many, int port, string head) => UntilCutOff(many, port, head, async stream =>
    {
        while (true)
        {
            await stream.WriteAsync("x"u8.ToArray());
            await Task.Delay(200);
        }
    });

    /// <summary>Reads nothing.</summary>
    private static Task<int> Rest(int many, int port, string head) => UntilCutOff(many, port, head, async stream =>
    {
        // One byte tells of the reset, but not before all that had come is read: the system's own state is asked.
        while (IsOpen(stream.Socket))
        {
            await Task.Delay(200);
        }
    });

    private static bool IsOpen(Socket socket)
    {
        var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error == 0;
    }

    private static async Task<int> UntilCutOff(int many, int port, string head, Func<NetworkStream, Task> use)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, many).Select(async _ =>
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync("127.0.0.1", port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            try
            {
                await use(stream).WaitAsync(TimeSpan.FromSeconds(25));
            }
            catch (IOException)
            {
                // Cut off, as it should be.
            }
        }));
        return (int)watch.Elapsed.TotalSeconds;
    }

    private static int PeakMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .Single(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return int.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
    }
}
