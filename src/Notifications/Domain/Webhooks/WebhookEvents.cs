using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>Which integration events a webhook wants: names, <c>booking.*</c>, or <c>*</c>.</summary>
internal sealed record WebhookEvents
{
    public const int NamesMax = 50;
    public const string Everything = "*";
    private const string Field = "events";
    private const string Family = ".*";

    private WebhookEvents(IReadOnlyList<string> names) => Names = names;

    public IReadOnlyList<string> Names { get; }

    /// <summary>Of what was checked before it was stored.</summary>
    public static WebhookEvents Stored(string text) => new(text.Split(' '));

    /// <summary>Null where they are at fault.</summary>
    /// <param name="names">As they were sent.</param>
    /// <param name="known">Every type there is.</param>
    /// <param name="meant">What somebody probably meant who wrote that, among the candidates; null for no idea.</param>
    /// <param name="faults">Takes each fault.</param>
    public static WebhookEvents? Parse(
        IReadOnlyList<string>? names,
        IReadOnlyCollection<string> known,
        Func<string, IEnumerable<string>, string?> meant,
        Faults faults)
    {
        if (names is not { Count: > 0 })
        {
            faults.Add(Field, "must name at least one; * is all");
            return null;
        }

        if (!faults.Require(names.Count <= NamesMax, Field, $"must have at most {NamesMax} names, has {names.Count}"))
        {
            return null;
        }

        var all = Choices(known);
        var own = new Faults();
        foreach (var name in names.Where(name => !all.Contains(name)))
        {
            var shown = Shown(name);
            own.Add(Field, meant(shown, all) is { } near
                ? $"knows no '{shown}'; did you mean '{near}'?"
                : $"knows no '{shown}'; there are {string.Join(", ", all)}");
        }

        faults.AddOthers(own);
        return own.Any ? null : new WebhookEvents([.. names.Distinct(StringComparer.Ordinal)]);
    }

    public bool Wants(string type) => Names.Any(name =>
        name == Everything || name == type ||
        (name.EndsWith(Family, StringComparison.Ordinal) && type.StartsWith(name[..^1], StringComparison.Ordinal)));

    public override string ToString() => string.Join(' ', Names);

    // A fault names what was sent, not a megabyte of it.
    private static string Shown(string? name)
    {
        const int lengthMax = 50;
        var plain = new string([.. (name ?? "null").Take(lengthMax).Select(c => char.IsControl(c) ? '?' : c)]);
        return name?.Length > lengthMax ? plain + "…" : plain;
    }

    private static SortedSet<string> Choices(IReadOnlyCollection<string> known)
    {
        var families = known.Select(type => type[..type.IndexOf('.', StringComparison.Ordinal)] + Family);
        return new SortedSet<string>([Everything, .. known, .. families], StringComparer.Ordinal);
    }
}
