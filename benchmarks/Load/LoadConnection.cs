using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Bench.Load;

/// <summary>
/// One kept-alive connection with one request under way; reads of an answer only what tells its status and its end.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int AnswerBytesMax = 256 * 1024;
    private const int ToldBytesMax = 2_000;
    private readonly byte[] buffer = new byte[AnswerBytesMax];
    private int filled;

    public LoadConnection(EndPoint server)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server);
    }

    public Socket Socket { get; }

    public long SentAt { get; private set; }

    public int Status => (buffer[9] * 100) + (buffer[10] * 10) + buffer[11] - ('0' * 111);

    public string Answer => Encoding.UTF8.GetString(buffer, 0, Math.Min(filled, ToldBytesMax));

    public void Send(byte[] request, long now)
    {
        filled = 0;
        SentAt = now;
        var sent = Socket.Send(request);
        if (sent != request.Length)
        {
            throw new InvalidOperationException("The server does not take a whole request.");
        }
    }

    /// <summary>Takes what has come; true when the answer is complete.</summary>
    public bool Receive()
    {
        var received = Socket.Receive(buffer.AsSpan(filled));
        if (received == 0)
        {
            throw new InvalidOperationException($"The server closed a connection. Received until then: {Answer}");
        }

        filled += received;
        return IsComplete(buffer.AsSpan(0, filled));
    }

    public void Dispose() => Socket.Dispose();

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var length = answer[..head].IndexOf("\r\nContent-Length: "u8);
        if (length < 0)
        {
            // Chunked. JSON holds no raw line ends, so these bytes can only be the last chunk.
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        return Utf8Parser.TryParse(answer[(length + "\r\nContent-Length: "u8.Length)..], out int bytes, out _)
            && answer.Length >= head + 4 + bytes;
    }
}
