namespace Gatehouse.Foundation.Configuration;

/// <summary>
/// The sources on top of each other: which value stands for a setting, who gave it, and which keys mean nothing.
/// </summary>
internal sealed class SettingLayers
{
    private readonly Dictionary<string, (GivenSetting Given, SettingSource Source)> effective =
        new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SettingDefinition> known;
    private readonly List<SettingFault> faults = [];

    public SettingLayers(IReadOnlyList<SettingSource> sources, IReadOnlyList<SettingDefinition> definitions)
    {
        known = definitions.ToDictionary(d => d.Path, StringComparer.OrdinalIgnoreCase);
        foreach (var source in sources)
        {
            if (source.Unreadable is { } reason)
            {
                faults.Add(new SettingFault(source.Name, null, null, $"cannot be read: {reason}"));
            }

            foreach (var given in source.Given)
            {
                Take(given, source);
            }
        }
    }

    /// <summary>Keys that are unknown or misplaced, and files that cannot be read.</summary>
    public IReadOnlyList<SettingFault> Faults => faults;

    public GivenSetting? Find(SettingDefinition definition) =>
        effective.TryGetValue(definition.Path, out var found) ? found.Given : null;

    public string SourceOf(SettingDefinition definition) =>
        effective.TryGetValue(definition.Path, out var found) && !string.IsNullOrEmpty(found.Given.Value)
            ? found.Source.Name
            : "default";

    public SettingFault Fault(SettingDefinition definition, string reason) =>
        effective.TryGetValue(definition.Path, out var found)
            ? new SettingFault(
                found.Given.Written, definition.Secret ? null : found.Given.Value, found.Source.Name, reason)
            : new SettingFault(definition.Variable, null, null, reason);

    private void Take(GivenSetting given, SettingSource source)
    {
        if (!known.TryGetValue(given.Path, out var definition))
        {
            Refuse($"is not a setting{Suggestion(given, source)}");
            return;
        }

        if (source.ForOneEnvironment && definition.Path == nameof(RuntimeOptions.Environment))
        {
            Refuse("cannot be set in a file that it chooses");
            return;
        }

        if (source.Variables && effective.TryGetValue(given.Path, out var earlier) && earlier.Source == source)
        {
            Refuse($"is given twice, as {earlier.Given.Written} too");
            return;
        }

        effective[given.Path] = (given, source);

        // Without its value: a mistyped key may be a secret's.
        void Refuse(string reason) => faults.Add(new SettingFault(given.Written, null, source.Name, reason));
    }

    private string Suggestion(GivenSetting given, SettingSource source)
    {
        var nearest = source.Variables
            ? Spelling.Nearest(given.Written, known.Values.Select(d => d.Variable).Concat(SettingKey.OtherVariables))
            : Spelling.Nearest(given.Path, known.Values.Select(d => d.Path));
        return nearest is null ? "" : $"; did you mean {nearest}?";
    }
}
