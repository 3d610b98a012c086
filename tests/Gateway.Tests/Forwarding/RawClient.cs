using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>Sends bytes as they are; text is Latin-1, so a character is a byte.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly TcpClient client = new();
    private NetworkStream? stream;

    public string Received { get; private set; } = "";

    public static async Task<RawClient> Connect(int port)
    {
        var raw = new RawClient();
        await raw.client.ConnectAsync("127.0.0.1", port);
        raw.stream = raw.client.GetStream();
        return raw;
    }

    /// <summary>One exchange on a connection of its own: everything until the other side closes.</summary>
    public static async Task<string> Exchange(int port, string request)
    {
        using var raw = await Connect(port);
        await raw.Send(request);
        return await raw.ReadToEnd();
    }

    public async Task Send(string text) => await stream!.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Up to the end of one answer that tells its length, or of the connection.</summary>
    public async Task ReadAnswer()
    {
        while (!IsAnswer() && await Fill())
        {
        }
    }

    public async Task<string> ReadToEnd()
    {
        while (await Fill())
        {
        }

        return Received;
    }

    public async Task ReadUntil(string text)
    {
        while (!Received.Contains(text, StringComparison.Ordinal))
        {
            if (!await Fill())
            {
                throw new InvalidOperationException($"It ended before '{text}': {Received}");
            }
        }
    }

    public void Dispose() => client.Dispose();

    private bool IsAnswer()
    {
        var end = Received.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        const string Name = "Content-Length: ";
        var at = Received.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 || at > end
            ? 0
            : int.Parse(Received[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return at < 0 || at > end
            ? Received.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : Received.Length >= end + 4 + length;
    }

    private async Task<bool> Fill()
    {
        var block = new byte[16 * 1024];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var read = await stream!.ReadAsync(block, patience.Token);
            Received += Encoding.Latin1.GetString(block, 0, read);
            return read > 0;
        }
        catch (OperationCanceledException)
        {
            Received += "(silent)";
            return false;
        }
        catch (IOException)
        {
            Received += "(reset)";
            return false;
        }
    }
}
