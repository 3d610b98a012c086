using System.Net;
using System.Net.Sockets;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>Asks the operating system for the addresses of a name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);

/// <summary>
/// The only way to where users point webhooks. The name is looked up, every address it has is checked, and the
/// connection goes to the address that was checked: there is no second lookup that could answer otherwise.
/// </summary>
internal sealed class WebhookConnections(WebhookTargets targets, HostLookup lookup) : IDisposable
{
    // A lookup holds a thread, and whoever owns the name decides for how long.
    private const int LookupsMax = 16;
    private readonly SemaphoreSlim lookups = new(LookupsMax);

    /// <summary>
    /// The addresses of a host, every one of which may be reached; <see cref="WebhookTargetException"/> otherwise.
    /// </summary>
    public async Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await LookUp(host, cancellation);
        if (addresses.Length == 0)
        {
            throw WebhookTargetException.Unknown();
        }

        // One public address beside a private one is how a name gets past those who look at the first only.
        if (!targets.AllowsHost(host.TrimEnd('.')) && !Array.TrueForAll(addresses, targets.Allows))
        {
            throw WebhookTargetException.NotPublic();
        }

        return [.. addresses.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)];
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Resolve(context.DnsEndPoint.Host, cancellation);
        for (var i = 0; ; i++)
        {
            try
            {
                // One that leads nowhere leaves time for the others.
                var isLast = i == addresses.Count - 1;
                return await Connect(
                    new IPEndPoint(addresses[i], context.DnsEndPoint.Port), isLast ? null : ShortWait, cancellation);
            }
            catch (Exception exception) when (i < addresses.Count - 1 && !cancellation.IsCancellationRequested &&
                exception is SocketException or OperationCanceledException)
            {
                // The next one.
            }
        }
    }

    public void Dispose() => lookups.Dispose();

    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private static async Task<Stream> Connect(IPEndPoint endpoint, TimeSpan? wait, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (wait is { } longest)
        {
            patience.CancelAfter(longest);
        }

        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> LookUp(string host, CancellationToken cancellation)
    {
        await lookups.WaitAsync(cancellation);
        try
        {
            return await Ask(host, cancellation).WaitAsync(cancellation);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw WebhookTargetException.Unknown();
        }
    }

    // Its place is free when it has ended, not when its caller has gone: until then it has its thread.
    private async Task<IPAddress[]> Ask(string host, CancellationToken cancellation)
    {
        try
        {
            return await lookup(host, cancellation);
        }
        finally
        {
            lookups.Release();
        }
    }
}

/// <summary>A webhook leads where nothing may be sent.</summary>
internal sealed class WebhookTargetException(string message, bool isForbidden) : Exception(message)
{
    /// <summary>It has an address that may not be reached; otherwise it has none.</summary>
    public bool IsForbidden { get; } = isForbidden;

    public static WebhookTargetException Unknown() => new("The name of its host has no address.", isForbidden: false);

    public static WebhookTargetException NotPublic() =>
        new("Its host leads to an address that is not public.", isForbidden: true);
}
