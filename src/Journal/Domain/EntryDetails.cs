using Gatehouse.Kernel;

namespace Gatehouse.Journal.Domain;

/// <summary>What a person says of a moment, as it came in; <see cref="Check"/> makes it what may be kept.</summary>
internal sealed record EntryDetails(
    string? Text, int? Mood, string? Category, DateTimeOffset? At, IReadOnlyList<string?>? Tags)
{
    public const int TextCharactersMax = 10_000;
    public const int NameCharactersMax = 50;
    public const int TagsMax = 20;
    public const int MoodMin = 1;
    public const int MoodMax = 10;
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);

    /// <summary>Says every fault; where there is none, answers the details cleaned and complete.</summary>
    /// <param name="now">The time of the request.</param>
    /// <param name="faults">Where they are said.</param>
    /// <param name="standing">The moment an entry has already: whatever the clock says now, it may keep it.</param>
    public CheckedEntry Check(DateTimeOffset now, Faults faults, DateTimeOffset? standing = null)
    {
        var text = faults.Text("text", Text, 1, TextCharactersMax, multiline: true);
        var category = faults.Text("category", Category, 1, NameCharactersMax);
        if (faults.Require(Mood is not null, "mood", "is required"))
        {
            faults.Whole("mood", Mood!.Value, MoodMin, MoodMax);
        }

        var at = (At ?? now).ToMicroseconds();
        faults.Require(at >= Earliest, "at", "must not be before 1900");
        faults.Require(at <= now + AheadMax || at == standing, "at", "must not be more than a day from now");
        return new CheckedEntry(text, Mood ?? 0, category, at, CheckTags(faults));
    }

    /// <summary>As tags are kept and looked for.</summary>
    public static string Normal(string tag) => tag.Trim().ToLowerInvariant();

    private List<string> CheckTags(Faults faults)
    {
        var tags = new List<string>();
        if (!faults.Require(Tags is not { Count: > TagsMax }, "tags", $"must be {TagsMax} at most"))
        {
            return tags;
        }

        for (var i = 0; i < (Tags?.Count ?? 0); i++)
        {
            tags.Add(Normal(faults.Text($"tags[{i}]", Tags![i], 1, NameCharactersMax)));
        }

        return [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}

/// <summary>Details without a fault.</summary>
/// <param name="Tags">In order, each once.</param>
internal sealed record CheckedEntry(
    string Text, int Mood, string Category, DateTimeOffset At, IReadOnlyList<string> Tags);
