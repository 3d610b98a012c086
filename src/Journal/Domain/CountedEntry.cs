namespace Gatehouse.Journal.Domain;

/// <summary>Of an entry what is counted.</summary>
internal sealed record CountedEntry(Guid Id, int Mood, string Category, IReadOnlyList<string> Tags, DateTimeOffset At);
