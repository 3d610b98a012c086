using System.Globalization;

namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>
/// What clients asked for and were answered, line by line in a file, so that it is there whatever ends in between.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const char Between = '\t';
    private readonly Lock gate = new();
    private readonly string path;
    private readonly StreamWriter writer;
    private int acknowledged;

    public Journal(string folder)
    {
        path = Path.Combine(folder, "journal.tsv");
        writer = new StreamWriter(path) { AutoFlush = true };
    }

    /// <summary>Bookings that were said to be made, so far.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    public void Asked(string key, string eventId, int quantity) => Write("asked", key, eventId, $"{quantity}");

    public void Unknown(string key, string why) => Write("unknown", key, why, "");

    public void Answered(string key, int status, string booking)
    {
        Write("answered", key, $"{status}", booking);
        if (status == Booked)
        {
            Interlocked.Increment(ref acknowledged);
        }
    }

    /// <summary>Every booking that was acknowledged, with the key it was asked for with.</summary>
    public IReadOnlyList<(string Key, string Booking)> Bookings() =>
        [.. Read("answered").Where(line => line[2] == Wanted).Select(line => (line[1], line[3])).Distinct()];

    /// <summary>How many calls had no answer that says whether they were done.</summary>
    public int Unknowns() => Read("unknown").Count;

    public int Asks() => Read("asked").Count;

    public void Dispose() => writer.Dispose();

    private const int Booked = 201;
    private static readonly string Wanted = Booked.ToString(CultureInfo.InvariantCulture);

    private void Write(params string[] words)
    {
        var line = string.Join(Between, words.Select(word => word.ReplaceLineEndings(" ").Replace(Between, ' ')));
        lock (gate)
        {
            writer.WriteLine(line);
        }
    }

    private List<string[]> Read(string what)
    {
        lock (gate)
        {
            writer.Flush();
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(Between) is var words && words[0] == what)
            {
                lines.Add(words);
            }
        }

        return lines;
    }
}
