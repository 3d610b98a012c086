using System.Reflection;

namespace Gatehouse.Foundation.Configuration;

/// <summary>
/// One setting as its options class declares it: the ground of binding, of <c>config print</c> and of the reference.
/// </summary>
internal sealed class SettingDefinition
{
    private readonly PropertyInfo property;
    private readonly SettingAttribute setting;

    private SettingDefinition(Type options, PropertyInfo property, SettingAttribute setting)
    {
        this.property = property;
        this.setting = setting;
        Section = options.GetCustomAttribute<SectionAttribute>()?.Name
            ?? throw new InvalidOperationException($"{options} has no [Section].");
        Path = SettingKey.Path(Section, property.Name);
        Variable = SettingKey.ToVariable(Path);
        Kind = SettingKind.Of(property.PropertyType);
    }

    public string Section { get; }

    public string Name => property.Name;

    public string Path { get; }

    public string Variable { get; }

    public SettingKind Kind { get; }

    public string Description => setting.Description;

    public bool Secret => setting.Secret;

    public double Min => setting.Min;

    public double Max => setting.Max;

    /// <summary>The settings of an options class, in the order they are written there.</summary>
    public static IReadOnlyList<SettingDefinition> Of(Type options) =>
        [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(p => p.MetadataToken)
            .Select(p => (Property: p, Setting: p.GetCustomAttribute<SettingAttribute>()))
            .Where(p => p.Setting is not null)
            .Select(p => new SettingDefinition(options, p.Property, p.Setting!))];

    /// <summary>Puts the text into the options object; answers why not, when not.</summary>
    public string? Assign(object options, string text)
    {
        if (!Kind.TryRead(text, out var value))
        {
            return $"must be {Kind.Expected}";
        }

        if (value is int or long or double &&
            Convert.ToDouble(value, Invariant) is var number && (number < Min || number > Max))
        {
            return $"must be {Bounds}";
        }

        property.SetValue(options, value);
        return null;
    }

    /// <summary>The value as an operator would write it.</summary>
    public string Show(object options) => SettingKind.Show(property.GetValue(options));

    /// <summary>The bounds in words, empty when there are none.</summary>
    public string Bounds => (double.IsFinite(Min), double.IsFinite(Max)) switch
    {
        (true, true) => string.Create(Invariant, $"{Min} to {Max}"),
        (true, false) => string.Create(Invariant, $"at least {Min}"),
        (false, true) => string.Create(Invariant, $"at most {Max}"),
        _ => "",
    };

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
