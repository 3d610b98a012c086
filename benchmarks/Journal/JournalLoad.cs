using System.Globalization;
using System.Text;
using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;
using Gatehouse.Kernel;

namespace Gatehouse.Bench.Journal;

/// <summary>Requests of one person with so many entries, and of others who have few, and what they cost.</summary>
internal sealed class JournalLoad(
    BoxOffice program,
    JournalFill fill,
    int entries,
    string token,
    IReadOnlyList<string> others,
    int postmaster)
{
    public const string Text =
        "Walked by the river with a friend, entry number 123456; the water was high and the evening mild.";

    private const int Connections = 64;
    private const int Ok = 200;
    private const int Created = 201;
    private const int YearDays = 365;
    private const int StartsMax = 300;
    private const int WindowsMax = 30;
    private const double DeepShare = 0.9;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public int Entries => entries;

    /// <summary>All that is read, then what is written.</summary>
    public async Task<JournalTurn> Run(TimeSpan counted)
    {
        var top = await After(1);
        var deep = await After((int)(entries * DeepShare));
        await fill.Settle();
        return new JournalTurn(
            Measure([program.Reading("/entries?limit=100", token)], Ok, counted),
            Measure([program.Reading("/entries?limit=100&page=2", token)], Ok, counted),
            Measure([top], Ok, counted),
            Measure([deep], Ok, counted),
            Measure([program.Reading($"/entries/stats?{Year(0)}", token)], Ok, counted),
            Measure(Years(), Ok, counted),
            Measure([Writing(token)], Created, counted),
            Measure([.. others.Select(Writing)], Created, counted));
    }

    /// <summary>A page that is not the first one is read anew each time.</summary>
    private async Task<byte[]> After(int depth)
    {
        var (at, id) = await fill.EntryAt(depth);
        return program.Reading($"/entries?limit=100&cursor={new Cursor(at, id)}", token);
    }

    /// <summary>So many that none comes twice in a turn: each is counted anew.</summary>
    private List<byte[]> Years() =>
    [
        .. from start in Enumerable.Range(1, StartsMax)
           from window in Enumerable.Range(1, WindowsMax)
           select program.Reading($"/entries/stats?{Year(start)}&window={window}", token),
    ];

    private static string Year(int daysAgo)
    {
        var until = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-daysAgo);
        return string.Create(
            CultureInfo.InvariantCulture, $"from={until.AddDays(-YearDays):yyyy-MM-dd}&until={until:yyyy-MM-dd}");
    }

    private byte[] Writing(string by)
    {
        var body = $$"""{"text":"{{Text}}","mood":7,"category":"Outdoors","tags":["river","walk"]}""";
        var request = $"""
            POST /entries HTTP/1.1
            Host: {program.Endpoint}
            Authorization: Bearer {by}
            Content-Type: application/json
            Content-Length: {body.Length}

            {body}
            """;
        return Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n"));
    }

    private JournalCost Measure(IReadOnlyList<byte[]> requests, int status, TimeSpan counted)
    {
        var before = Used();
        var load = ClosedLoop.Run(program.Endpoint, requests, Connections, status, WarmUp, counted);
        var after = Used();
        return load.Refused == 0
            ? new JournalCost(
                load.PerSecond,
                load.Percentile(0.5),
                (after.Gatehouse - before.Gatehouse) / load.Accepted,
                (after.Postgres - before.Postgres) / load.Accepted)
            : throw new InvalidOperationException($"With {entries:N0} one was refused: {load.FirstRefusal}");
    }

    /// <summary>Processor time until now, in microseconds.</summary>
    private (double Gatehouse, double Postgres) Used() => (
        ProcessFacts.ProcessorTime(program.ProcessId).TotalMicroseconds,
        ProcessFacts.ProcessorTime(postmaster).TotalMicroseconds);
}
