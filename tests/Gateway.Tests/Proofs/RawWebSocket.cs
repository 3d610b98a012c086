using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>A client's end of a WebSocket that costs next to nothing, so that a test can have thousands.</summary>
internal sealed class RawWebSocket : IDisposable
{
    private const string Ask =
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawWebSocket> Open(int port)
    {
        var opened = new RawWebSocket();
        await opened.socket.ConnectAsync("127.0.0.1", port);
        await opened.socket.SendAsync(Encoding.ASCII.GetBytes(Ask));
        var head = "";
        var block = new byte[1024];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await opened.socket.ReceiveAsync(block);
            head += read > 0
                ? Encoding.ASCII.GetString(block, 0, read)
                : throw new IOException($"It ended before it was open: {head}");
        }

        return head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)
            ? opened
            : throw new IOException($"It was not opened: {head}");
    }

    /// <summary>Whether one letter comes back.</summary>
    public async Task<bool> Echoes()
    {
        // Text, final, one byte, masked with zeros.
        await socket.SendAsync(new byte[] { 0x81, 0x81, 0, 0, 0, 0, (byte)'a' });
        var back = new byte[3];
        var read = 0;
        while (read < back.Length)
        {
            var more = await socket.ReceiveAsync(back.AsMemory(read));
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        return back is [0x81, 1, (byte)'a'];
    }

    /// <summary>Of the Close frame that comes next; it is answered.</summary>
    public async Task<int> CloseCode()
    {
        var frame = new byte[4];
        for (var read = 0; read < frame.Length;)
        {
            var more = await socket.ReceiveAsync(frame.AsMemory(read));
            read += more > 0 ? more : throw new IOException("It ended without a Close.");
        }

        // The same code back, masked with zeros.
        await socket.SendAsync(new byte[] { 0x88, 0x82, 0, 0, 0, 0, frame[2], frame[3] });
        return frame[0] == 0x88 ? frame[2] * 256 + frame[3] : -1;
    }

    public void Dispose() => socket.Dispose();
}
