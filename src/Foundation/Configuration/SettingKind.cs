using System.Globalization;

namespace Gatehouse.Foundation.Configuration;

/// <summary>The type of a setting: how its text is read and shown, and what to say when it does not fit.</summary>
/// <param name="Label">In the reference: <c>whole number</c>, <c>true or false</c>, …</param>
/// <param name="Expected">Completes "must be …".</param>
/// <param name="Read">Answers null for text that does not fit.</param>
internal sealed record SettingKind(string Label, string Expected, Func<string, object?> Read)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly Dictionary<Type, SettingKind> Simple = new()
    {
        [typeof(string)] = new("text", "text", text => text),
        [typeof(int)] = new("whole number", "a whole number",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var value) ? value : null),
        [typeof(long)] = new("whole number", "a whole number",
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var value) ? value : null),
        [typeof(double)] = new("number", "a number such as 0.5",
            text => double.TryParse(text, NumberStyles.Float, Invariant, out var value) && double.IsFinite(value)
                ? value
                : null),
        [typeof(bool)] = new("`true` or `false`", "true or false",
            text => bool.TryParse(text, out var value) ? value : null),
        [typeof(Guid)] = new("id", "an id such as 0198c0de-0000-7000-8000-000000000000",
            text => Guid.TryParseExact(text, "D", out var value) ? value : null),
        [typeof(IReadOnlyList<string>)] = new("list, separated by commas", "a list separated by commas",
            text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    };

    public static SettingKind Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            return OfNames(plain);
        }

        return Simple.TryGetValue(plain, out var kind)
            ? kind
            : throw new InvalidOperationException($"A setting cannot be a {type}.");
    }

    public bool TryRead(string text, out object? value)
    {
        value = Read(Label == "text" ? text : text.Trim());
        return value is not null;
    }

    public static string Show(object? value) => value switch
    {
        null => "",
        Enum name => Kebab(name.ToString()),
        bool flag => flag ? "true" : "false",
        IEnumerable<string> list => string.Join(',', list),
        _ => Convert.ToString(value, Invariant) ?? "",
    };

    /// <summary>
    /// By name only: numbers are not names, whatever <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> thinks.
    /// </summary>
    private static SettingKind OfNames(Type type)
    {
        var names = Enum.GetNames(type);
        return new SettingKind(
            string.Join(", ", names.Select(n => $"`{Kebab(n)}`")),
            $"one of {string.Join(", ", names.Select(Kebab))}",
            text => names.FirstOrDefault(n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase) ||
                                              string.Equals(Kebab(n), text, StringComparison.OrdinalIgnoreCase))
                is { } name ? Enum.Parse(type, name) : null);
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => (i > 0 && char.IsUpper(c) ? "-" : "") + char.ToLowerInvariant(c)));
}
