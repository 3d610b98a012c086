using Gatehouse.Kernel;

namespace Gatehouse.Journal.Domain;

/// <summary>What a transaction does to one entry.</summary>
/// <param name="Id">Of the entry.</param>
/// <param name="Before">What counted of it until now; null where it is new or was deleted.</param>
/// <param name="After">What counts from now on; null where it is deleted.</param>
internal sealed record EntryChange(EntryId Id, CheckedEntry? Before, CheckedEntry? After)
{
    /// <summary>How many entries more there are.</summary>
    public int Added => (After is null ? 0 : 1) - (Before is null ? 0 : 1);

    /// <summary>Whether it changes a figure: another text does not.</summary>
    public bool IsCounted => Before is null || After is null ||
        (Before.Mood, Before.At, Before.Category) != (After.Mood, After.At, After.Category) ||
        !Before.Tags.SequenceEqual(After.Tags, StringComparer.Ordinal);
}
