using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Notifications.Tests;

/// <summary>A server on a free loopback port that speaks as no decent one would.</summary>
internal sealed class RawReceiver : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();

    /// <param name="speak">Gets each connection, after some of the request has come.</param>
    public RawReceiver(Func<Stream, CancellationToken, Task> speak)
    {
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook");
        _ = Accept(speak);
    }

    public Uri Url { get; }

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        end.Dispose();
    }

    private async Task Accept(Func<Stream, CancellationToken, Task> speak)
    {
        while (!end.IsCancellationRequested)
        {
            _ = Serve(await listener.AcceptTcpClientAsync(end.Token), speak);
        }
    }

    private async Task Serve(TcpClient client, Func<Stream, CancellationToken, Task> speak)
    {
        using var connection = client;
        try
        {
            var stream = connection.GetStream();
            _ = await stream.ReadAsync(new byte[64], end.Token);
            await speak(stream, end.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The other side has gone, or the test.
        }
    }
}
