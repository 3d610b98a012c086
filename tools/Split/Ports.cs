using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Split;

/// <summary>Where each part listens, on this machine only; counted from the gateway's.</summary>
internal sealed class Ports(int gateway)
{
    public int Gateway => gateway;

    public int Identity => gateway + 1;

    public int TicketingOne => gateway + 2;

    public int TicketingTwo => gateway + 3;

    public int Journal => gateway + 4;

    public int Notifications => gateway + 5;

    public int FirstStart => gateway + 6;

    public int Postgres => gateway + 11;

    public int Redis => gateway + 12;

    public int Rabbit => gateway + 13;

    /// <summary>Where nodes of Erlang, which RabbitMQ is written in, speak to each other.</summary>
    public int Erlang => gateway + 14;

    /// <summary>Where they are found: epmd.</summary>
    public int ErlangNames => gateway + 15;

    /// <summary>Names every port that somebody else has, at once.</summary>
    public void RequireFree()
    {
        (string Part, int Port)[] wanted =
        [
            ("gateway", Gateway), ("identity", Identity), ("ticketing-1", TicketingOne), ("ticketing-2", TicketingTwo),
            ("journal", Journal), ("notifications", Notifications), ("the first start", FirstStart),
            ("PostgreSQL", Postgres), ("Redis", Redis), ("RabbitMQ", Rabbit), ("RabbitMQ", Erlang),
            ("RabbitMQ", ErlangNames),
        ];
        var taken = wanted.Where(one => !IsFree(one.Port)).Select(one => $"{one.Port} ({one.Part})").ToList();
        if (taken.Count > 0)
        {
            throw new SplitException(
                $"something listens on port {string.Join(", ", taken)} already. Stop it, or take others: " +
                "./run --split --port 18080 uses 18080 to 18095.");
        }
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
