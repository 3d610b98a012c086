using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Split;

/// <summary>A Redis of our own, which writes nothing to disk.</summary>
internal sealed class Redis(string data, int port, string password)
{
    private readonly string file = Path.Combine(data, "redis.conf");

    public string Connection => $"127.0.0.1:{port},password={password}";

    public Part Server => new("redis", Programs.Redis!, file)
    {
        IsReady = Answers,
    };

    /// <summary>A file, since arguments can be read by everybody on the machine.</summary>
    public void Configure() => Secrets.Write(
        file,
        $"""
        bind 127.0.0.1
        port {port}
        dir "{data}"
        save ""
        appendonly no
        requirepass {password}

        """);

    private async Task<bool> Answers(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellation);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(cancellation) == "+OK" &&
                await reader.ReadLineAsync(cancellation) == "+PONG";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}
