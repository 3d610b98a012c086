using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>A server that does byte for byte what a test says, and records what it was sent.</summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<RawConnection, Task> serve;
    private int connections;

    public RawUpstream(Func<RawConnection, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        _ = Accept();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public int Connections => connections;

    /// <summary>Each request whose head came whole, with as much of its body as came.</summary>
    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    /// <summary>Answers every request alike.</summary>
    public static RawUpstream Answering(string answer) => new(async connection =>
    {
        while (await connection.ReadRequest() is not null)
        {
            await connection.Write(answer);
        }
    });

    /// <summary>Ends every connection.</summary>
    public void Stop()
    {
        stop.Cancel();
        listener.Stop();
    }

    public void Dispose()
    {
        Stop();
        stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                _ = Serve(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                await serve(new RawConnection(client, this, stop.Token));
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The gateway went away.
            }
        }
    }
}

/// <param name="Head">Up to and without the empty line.</param>
/// <param name="IsWhole">The body came to its end.</param>
internal sealed record RawRequest(string Head, string Body, bool IsWhole)
{
    public string Line => Head.Split("\r\n")[0];

    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .Cast<string?>().FirstOrDefault();
}

/// <summary>One connection of a <see cref="RawUpstream"/>; text is Latin-1, so a character is a byte.</summary>
internal sealed class RawConnection(TcpClient client, RawUpstream upstream, CancellationToken stop)
{
    private readonly NetworkStream stream = client.GetStream();
    private string pending = "";

    /// <summary>Null at the end of the connection.</summary>
    public async Task<RawRequest?> ReadRequest()
    {
        var head = await ReadHead();
        return head is null ? null : await ReadBody(head);
    }

    /// <summary>The head alone, recorded without a body.</summary>
    public async Task<string?> ReadHead()
    {
        int end;
        while ((end = pending.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await Fill())
            {
                return null;
            }
        }

        var head = pending[..end];
        pending = pending[(end + 4)..];
        return head;
    }

    public async Task<RawRequest> ReadBody(string head)
    {
        var request = new RawRequest(head, "", IsWhole: false);
        var body = "";
        var whole = true;
        if (request.Header("Transfer-Encoding") is not null)
        {
            while (whole)
            {
                var line = await ReadTo("\r\n");
                var size = line is null ? -1 : Convert.ToInt32(line.Split(';')[0], 16);
                var chunk = size < 0 ? null : await ReadCount(size + 2);
                whole = chunk is not null;
                if (size <= 0)
                {
                    break;
                }

                body += chunk?[..^2];
            }
        }
        else if (request.Header("Content-Length") is { } length)
        {
            var all = await ReadCount(int.Parse(length, CultureInfo.InvariantCulture));
            whole = all is not null;
            body = all ?? pending;
        }

        request = request with { Body = body, IsWhole = whole };
        upstream.Requests.Enqueue(request);
        return request;
    }

    public async Task Write(string text)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);
        await stream.FlushAsync(stop);
    }

    /// <summary>Ends it with RST, not FIN.</summary>
    public void Reset()
    {
        client.Client.LingerState = new LingerOption(true, 0);
        client.Close();
    }

    public async Task<string?> ReadCount(int count)
    {
        while (pending.Length < count)
        {
            if (!await Fill())
            {
                return null;
            }
        }

        var text = pending[..count];
        pending = pending[count..];
        return text;
    }

    private async Task<string?> ReadTo(string end)
    {
        int at;
        while ((at = pending.IndexOf(end, StringComparison.Ordinal)) < 0)
        {
            if (!await Fill())
            {
                return null;
            }
        }

        var text = pending[..at];
        pending = pending[(at + end.Length)..];
        return text;
    }

    private async Task<bool> Fill()
    {
        var block = new byte[16 * 1024];
        var read = await stream.ReadAsync(block, stop);
        pending += Encoding.Latin1.GetString(block, 0, read);
        return read > 0;
    }
}
