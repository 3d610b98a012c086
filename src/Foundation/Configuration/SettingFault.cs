using System.Text;

namespace Gatehouse.Foundation.Configuration;

/// <summary>What is wrong with one setting.</summary>
/// <param name="Key">As the operator wrote it; the variable's name when it is missing.</param>
/// <param name="Value">What was given; null when nothing was, or when it must not be shown.</param>
/// <param name="Source">Where it was given; null when it was not.</param>
/// <param name="Reason">Completes the sentence that begins with the key.</param>
public sealed record SettingFault(string Key, string? Value, string? Source, string Reason)
{
    public override string ToString()
    {
        var line = new StringBuilder(Key);
        if (Value is not null)
        {
            line.Append(" = \"").Append(Printable(Value)).Append('"');
        }

        if (Source is not null)
        {
            line.Append(" (").Append(Source).Append(')');
        }

        return line.Append(": ").Append(Reason).ToString();
    }

    /// <summary>All faults in one message, a line each.</summary>
    public static string Message(IReadOnlyCollection<SettingFault> faults) =>
        $"The configuration has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}:\n" +
        string.Join('\n', faults.Select(f => $"  {f}"));

    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
