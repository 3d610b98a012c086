using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Testing;

/// <summary>
/// Ports for servers that are started by number: below those that the system gives to connections by itself, and none
/// twice, since between the choice and the server's start nobody holds them.
/// </summary>
public static class LoopbackPort
{
    private const int Min = 10_000;
    private const int Max = 20_000;
    private static readonly HashSet<int> Given = [];

    /// <summary>A port on 127.0.0.1 that nothing listens on, and that was given to nobody before.</summary>
    public static int Free()
    {
        lock (Given)
        {
            while (Given.Count < (Max - Min) / 2)
            {
                var port = Random.Shared.Next(Min, Max);
                if (Given.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException("Half of all ports were given out.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
