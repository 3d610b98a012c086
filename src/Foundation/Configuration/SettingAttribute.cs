namespace Gatehouse.Foundation.Configuration;

/// <summary>
/// Names the section of an options class: <c>[Section("Http")]</c> is <c>GATEHOUSE_HTTP__…</c>. Empty for keys at the
/// root.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SectionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>
/// Describes one setting: the text of docs/configuration.md, its bounds, and whether it must never be shown.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>What it does, with unit; one or two sentences.</summary>
    public string Description { get; } = description;

    public bool Secret { get; init; }

    /// <summary>Smallest value of a number.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value of a number.</summary>
    public double Max { get; init; } = double.PositiveInfinity;
}

/// <summary>An options class with rules beyond one property's bounds.</summary>
public interface IValidatedOptions
{
    /// <summary>Says each fault as (property name, reason); nothing when all is well.</summary>
    IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment);
}

/// <summary>Where the program runs; decides what is demanded and what is offered.</summary>
public enum RuntimeEnvironment
{
    Production,
    Development,
}

/// <summary>An options class with rules that need another section as well.</summary>
public interface IRelatedOptions
{
    /// <summary>Says each fault as (property name, reason); nothing when all is well.</summary>
    IEnumerable<(string Property, string Reason)> Validate(Settings settings);
}
