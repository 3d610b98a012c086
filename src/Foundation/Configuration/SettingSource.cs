namespace Gatehouse.Foundation.Configuration;

/// <summary>A value as someone gave it.</summary>
/// <param name="Written">The key in the spelling of its source, for messages.</param>
/// <param name="Path"><c>Section:Property</c>, in any case.</param>
/// <param name="Value">Empty or null asks for the default, whatever a lower source says.</param>
public sealed record GivenSetting(string Written, string Path, string? Value);

/// <summary>One place that settings come from.</summary>
/// <param name="Name">As shown to the operator: <c>appsettings.json</c>, <c>environment</c>, …</param>
/// <param name="Given">In the order of the source.</param>
public sealed record SettingSource(string Name, IReadOnlyList<GivenSetting> Given)
{
    /// <summary>Keys are written as variables here, so suggestions are too.</summary>
    public bool Variables { get; init; }

    /// <summary>Chosen by the environment's name, and so cannot choose it.</summary>
    public bool ForOneEnvironment { get; init; }

    /// <summary>Why it could not be read, when it could not.</summary>
    public string? Unreadable { get; init; }
}
