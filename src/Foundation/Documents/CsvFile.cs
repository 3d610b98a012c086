using CsvHelper;

namespace Gatehouse.Foundation.Documents;

/// <summary>
/// Tables for spreadsheets, RFC 4180, row by row as they are read, in UTF-8 with the mark by which spreadsheets know
/// it. What a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection").
/// </summary>
public static class CsvFile
{
    /// <summary>Of an answer with such a table.</summary>
    public const string ContentType = "text/csv; charset=utf-8";

    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
    };

    /// <param name="stream">Is left open.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="rows">Of which no more are in memory than their source holds.</param>
    /// <param name="write">Writes the fields of one, as many as there are columns.</param>
    /// <param name="cancellation">Ends the reading too.</param>
    public static async Task Write<T>(
        Stream stream,
        IReadOnlyList<string> header,
        IAsyncEnumerable<T> rows,
        Action<CsvWriter, T> write,
        CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        await csv.WriteRecordAsync([.. header], cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            write(csv, row);
            await csv.EndRecordAsync(cancellation);
        }
    }
}
