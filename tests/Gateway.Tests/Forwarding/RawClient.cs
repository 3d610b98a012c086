using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>Sends bytes as they are; text is Latin-1, so a character is a byte.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
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
        catch (IOException)
        {
            Received += "(reset)";
            return false;
        }
    }
}
