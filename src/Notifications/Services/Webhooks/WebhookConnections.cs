using System.Net;
using System.Net.Sockets;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>Asks the operating system for the addresses of a name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);

/// <summary>
/// The only way to where users point webhooks. The name is looked up, every address it has is checked, and the
/// connection goes to the address that was checked: there is no second lookup that could answer otherwise.
/// </summary>
internal sealed class WebhookConnections(WebhookTargets targets, HostLookup lookup, TimeProvider time)
{
    /// <summary>Whose webhook a request goes to.</summary>
    public static readonly HttpRequestOptionsKey<UserId> Owner = new("webhook.owner");

    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    // A lookup holds a thread. Those who make webhooks and those who deliver keep each other out of nothing.
    private readonly LookupPlaces forCallers = new(max: 8, ofOneMax: 2, time);
    private readonly LookupPlaces forDeliveries = new(max: 16, ofOneMax: 4, time);

    /// <summary>
    /// The addresses of a host, every one of which may be reached; <see cref="WebhookTargetException"/> otherwise, and
    /// <see cref="LookupBusyException"/> where there is no place to look it up.
    /// </summary>
    public Task<IReadOnlyList<IPAddress>> Resolve(string host, UserId caller, CancellationToken cancellation) =>
        Resolve(host, forCallers, caller, cancellation);

    private async Task<IReadOnlyList<IPAddress>> Resolve(
        string host, LookupPlaces places, UserId owner, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await LookUp(host, places, owner, cancellation);
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
        context.InitialRequestMessage.Options.TryGetValue(Owner, out var owner);
        var addresses = await Resolve(context.DnsEndPoint.Host, forDeliveries, owner, cancellation);
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

    private async Task<IPAddress[]> LookUp(
        string host, LookupPlaces places, UserId owner, CancellationToken cancellation)
    {
        if (!await places.Take(owner, ShortWait, cancellation))
        {
            throw new LookupBusyException();
        }

        try
        {
            return await Ask(host, places, owner, cancellation).WaitAsync(cancellation);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw WebhookTargetException.Unknown();
        }
    }

    // Its place is free when it has ended, not when its caller has gone: until then it has its thread.
    private async Task<IPAddress[]> Ask(
        string host, LookupPlaces places, UserId owner, CancellationToken cancellation)
    {
        try
        {
            return await lookup(host, cancellation);
        }
        finally
        {
            places.Return(owner);
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
