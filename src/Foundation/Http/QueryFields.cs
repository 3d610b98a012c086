using System.Globalization;
using Gatehouse.Foundation.Search;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>Reads optional parameters of a query string; what is wrong with one is said by its name.</summary>
public static class QueryFields
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>1 to <paramref name="max"/> characters.</summary>
    public static string? Text(this IQueryCollection query, string name, int max, Faults faults) =>
        query.TryGetValue(name, out var values) ? faults.Text(name, values.ToString(), 1, max) : null;

    /// <summary>Words to look for; null where there is nothing.</summary>
    public static string? Search(this IQueryCollection query, string name, Faults faults)
    {
        var text = faults.Text(name, query[name].ToString(), 0, SearchText.CharactersMax);
        faults.Require(
            text.Length == 0 || SearchText.WordsOf(text).Count > 0, name, "has no letter or digit to look for");
        return text.Length == 0 ? null : text;
    }

    /// <summary>ISO 8601: a time with offset, or a day, which begins in UTC.</summary>
    public static DateTimeOffset? Time(this IQueryCollection query, string name, Faults faults) =>
        query.Parsed(name, faults, "must be a time such as 2030-01-31T18:00:00Z", text =>
            DateTimeOffset.TryParseExact(
                text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToMicroseconds()
                : (DateTimeOffset?)null);

    /// <summary>ISO 8601.</summary>
    public static DateOnly? Day(this IQueryCollection query, string name, Faults faults) =>
        query.Parsed(name, faults, "must be a day such as 2030-01-31", text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : (DateOnly?)null);

    /// <param name="query">Where it may be.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="faults">Takes the fault.</param>
    /// <param name="fault">What is said where it cannot be read.</param>
    /// <param name="parse">Null for what cannot be read.</param>
    public static T? Parsed<T>(
        this IQueryCollection query, string name, Faults faults, string fault, Func<string, T?> parse)
        where T : struct
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var parsed = parse(values.ToString());
        faults.Require(parsed is not null, name, fault);
        return parsed;
    }
}
