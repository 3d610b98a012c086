using System.Net.Http.Headers;
using System.Text.Json;
using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;

namespace Gatehouse.Bench.Table;

/// <summary>What a page of ten costs at the top of a list and at its end, over HTTP, one call at a time.</summary>
internal sealed record PagingCost(string List, long Row, double TopMs, double EndMs)
{
    private const int Turns = 3;
    private const int StepRows = 100;
    private const int Ok = 200;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public double Ratio => EndMs / TopMs;

    public string Describe() =>
        $"{List,-18} a page at row 10 takes {TopMs:N2} ms, at row {Row:N0} {EndMs:N2} ms (medians): {Ratio:N2}×";

    /// <param name="office">The program.</param>
    /// <param name="token">Whose list it is.</param>
    /// <param name="list">Its path with a query. One that is read anew each time, and not from a snapshot.</param>
    /// <param name="rows">How long it is.</param>
    /// <param name="counted">Of each turn.</param>
    public static async Task<PagingCost> Of(
        BoxOffice office, string token, string list, int rows, TimeSpan counted)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{office.Endpoint}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var top = await Next(client, $"{list}&limit=10&cursor=");
        var (end, row) = await Walk(client, list, rows);
        var requests = new[] { top, end }
            .Select(cursor => office.Reading($"{list}&limit=10&cursor={cursor}", token)).ToArray();
        var medians = new List<(double Top, double End)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            medians.Add((Median(office, requests[0], counted), Median(office, requests[1], counted)));
        }

        return new PagingCost(
            list,
            row,
            BookingReport.Median(medians.Select(median => median.Top)),
            BookingReport.Median(medians.Select(median => median.End)));
    }

    // As a client would get there: page by page.
    private static async Task<(string Cursor, long Row)> Walk(HttpClient client, string list, int rows)
    {
        var (cursor, row) = ("", 0L);
        while (row + StepRows < rows)
        {
            cursor = await Next(client, $"{list}&limit={StepRows}&cursor={cursor}");
            row += StepRows;
        }

        return (cursor, row);
    }

    private static async Task<string> Next(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path} answered {text}");
        }

        using var page = JsonDocument.Parse(text);
        return page.RootElement.GetProperty("nextCursor").GetString()!;
    }

    private static double Median(BoxOffice office, byte[] request, TimeSpan counted)
    {
        var load = ClosedLoop.Run(office.Endpoint, [request], connections: 1, Ok, WarmUp, counted);
        return load.Refused == 0
            ? load.Percentile(0.5)
            : throw new InvalidOperationException($"A page was refused: {load.FirstRefusal}");
    }
}
