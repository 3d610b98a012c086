using System.Globalization;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Caching;

/// <summary>What is to be forgotten. Each part that is said must hold.</summary>
/// <param name="Host">Null: of any host.</param>
/// <param name="Path">Canonical; what ends with <c>/</c> in <paramref name="IsPrefix"/> is all below it.</param>
/// <param name="Tag">Null: whatever its tags.</param>
internal sealed record Purge(string? Host, string? Path, bool IsPrefix, string? Tag)
{
    private const string Prefix = "gateway.cache";
    private const char Part = '\n';
    private const int PlaceStamps = 1024;
    private const int TagStamps = 32;
    private const int FoldersMax = 8;

    public static Purge Of(CachePlace place) => new(place.Host, place.Path, IsPrefix: false, Tag: null);

    public bool Matches(CachePlace place) =>
        (Host is null || Host == place.Host) &&
        (Path is null || (IsPrefix ? place.Path.StartsWith(Path, StringComparison.Ordinal) : place.Path == Path));

    public bool Matches(CachePlace place, IReadOnlyList<string> tags) =>
        Matches(place) && (Tag is null || tags.Contains(Tag));

    /// <summary>To other gateways.</summary>
    public string ToText() => string.Join(Part, Prefix, Host, Path, IsPrefix ? "1" : "0", Tag);

    /// <summary>Null: it is of another cache.</summary>
    public static Purge? Parse(string text) =>
        text.Split(Part) is [Prefix, var host, var path, var isPrefix, var tag]
            ? new Purge(OrNull(host), OrNull(path), isPrefix == "1", OrNull(tag))
            : null;

    /// <summary>
    /// Redis keeps one stamp for many places and tags, so that they are bounded: what is purged there may be more than
    /// was asked for, never less.
    /// </summary>
    public static string StampOf(string text) => Parse(text) is not { } purge ? text
        : purge.Tag is { } tag ? TagStamp(StampOfTag(tag))
        : purge.Path is { } path ? PlaceStamp(purge.IsPrefix ? Folders(path).Last() : path + "#")
        : PlaceStamp("//" + purge.Host);

    /// <summary>All stamps that an answer at the place can hang on: those of the place, then those of all tags.</summary>
    public static (IReadOnlyList<string> Names, int OfPlace) StampsOf(CachePlace place)
    {
        List<string> names =
            [PlaceStamp("//" + place.Host), PlaceStamp(place.Path + "#"), .. Folders(place.Path).Select(PlaceStamp)];
        var ofPlace = names.Count;
        names.AddRange(Enumerable.Range(0, TagStamps).Select(TagStamp));
        return (names, ofPlace);
    }

    public static int StampOfTag(string tag) => (int)(Rendezvous.HashOf(tag) % TagStamps);

    // "/", "/a/", "/a/b/" of "/a/b/c".
    private static IEnumerable<string> Folders(string path)
    {
        var end = path.IndexOf('/', StringComparison.Ordinal);
        for (var i = 0; i < FoldersMax && end >= 0; i++)
        {
            yield return path[..(end + 1)];
            end = path.IndexOf('/', end + 1);
        }
    }

    private static string PlaceStamp(string name) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}.p{Rendezvous.HashOf(name) % PlaceStamps}");

    private static string TagStamp(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}.t{number}");

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
