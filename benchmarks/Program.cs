using System.Globalization;
using Gatehouse.Bench.Booking;

// ./bench has checked the words and the ranges; this is what it hands over.
if (args is not ["booking", var rounds, var seconds, var connections])
{
    Console.Error.WriteLine("This is started by ./bench: see ./bench --help.");
    return 2;
}

return await BookingBench.Run(new BookingPlan(Number(rounds), Number(seconds), Number(connections)));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
