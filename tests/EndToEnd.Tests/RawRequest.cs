using System.Net.Sockets;
using System.Text;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>A connection written to byte by byte: what HttpClient is too polite to do.</summary>
public sealed class RawRequest : IDisposable
{
    private readonly Socket socket =
        new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 15_000 };

    public static async Task<RawRequest> Open(Uri address)
    {
        var request = new RawRequest();
        await request.socket.ConnectAsync(address.Host, address.Port);
        return request;
    }

    public async Task Send(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>All of a booking but its body, of which so many bytes are promised.</summary>
    public Task SendBooking(string eventId, Api buyer, int bodyBytes) => Send(
        $"""
        POST /events/{eventId}/bookings HTTP/1.1
        Host: localhost
        Authorization: Bearer {buyer.Token}
        Content-Type: application/json
        Content-Length: {bodyBytes}


        """.ReplaceLineEndings("\r\n"));

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> Receive()
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Closes without a good-bye (RST).</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();
}
