using CsvHelper;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Journal.Http;

/// <summary>Entries as a table.</summary>
internal static class EntriesCsv
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    private static readonly string[] Header =
        ["at", "mood", "category", "tags", "text", "created_at", "updated_at", "id"];

    public static Task Write(
        Stream stream, IAsyncEnumerable<EntryView> entries, CancellationToken cancellation) =>
        CsvFile.Write(stream, Header, entries, Write, cancellation);

    private static void Write(CsvWriter csv, EntryView entry)
    {
        csv.WriteField(entry.At.ToUniversalTime(), TimeFormat);
        csv.WriteField(entry.Mood);
        csv.WriteField(entry.Category);
        csv.WriteField(string.Join("; ", entry.Tags));
        csv.WriteField(entry.Text);
        csv.WriteField(entry.CreatedAt.ToUniversalTime(), TimeFormat);
        csv.WriteField(entry.UpdatedAt.ToUniversalTime(), TimeFormat);
        csv.WriteField(entry.Id);
    }
}
