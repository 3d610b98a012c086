using System.Globalization;
using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Events;
using Gatehouse.Bench.Gateway;
using Gatehouse.Bench.Journal;
using Gatehouse.Bench.Limits;
using Gatehouse.Bench.Login;
using Gatehouse.Bench.Outage;
using Gatehouse.Bench.Table;

// ./bench has checked the words and the ranges; this is what it hands over.
switch (args)
{
    case ["booking", var rounds, var seconds, .. var connections]:
        return await BookingBench.Run(
            new BookingPlan(Number(rounds), Number(seconds), Array.ConvertAll(connections, Number)));
    case ["sqlite", var rounds, var seconds, var connections]:
        return await SqliteBench.Run(new BookingPlan(Number(rounds), Number(seconds), [Number(connections)]));
    case ["table", var rows, var rounds, var seconds]:
        return await TableBench.Run(Number(rows), Number(rounds), Number(seconds));
    case ["journal", var rows, var rounds, var seconds]:
        return await JournalBench.Run(Number(rows), Number(rounds), Number(seconds));
    case ["events", var events]:
        return await EventsBench.Run(Number(events));
    case ["outage", var seconds, var connections]:
        return await OutageBench.Run(TimeSpan.FromSeconds(Number(seconds)), Number(connections));
    case ["login", var samples, var seconds]:
        return await LoginBench.Run(Number(samples), Number(seconds));
    case ["limits", var seconds]:
        return await LimitsBench.Run(TimeSpan.FromSeconds(Number(seconds)));
    case ["gateway", var rounds, var seconds, .. var connections]:
        return await GatewayBench.Run(Number(rounds), Number(seconds), Array.ConvertAll(connections, Number));
    case [GatewayInstance.Command, var port, var upstream]:
        await GatewayInstance.Run(Number(port), Number(upstream));
        return 0;
    case [EventInstance.Command, var database, var broker, var prefix, var copiesMax]:
        await EventInstance.Run(database, broker, prefix, Number(copiesMax));
        return 0;
    default:
        Console.Error.WriteLine("This is started by ./bench: see ./bench --help.");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
