using System.Text.RegularExpressions;

namespace Gatehouse.Foundation.Configuration;

/// <summary>
/// A setting's name in its two spellings: <c>Database:PoolMax</c> in files, <c>GATEHOUSE_DATABASE__POOLMAX</c> as a
/// variable.
/// </summary>
internal static partial class SettingKey
{
    public const string Prefix = "GATEHOUSE_";

    /// <summary>Variables with our prefix that are read elsewhere and are no settings.</summary>
    public static readonly IReadOnlyList<string> OtherVariables = ["GATEHOUSE_USER_PASSWORD"];

    public static string Path(string section, string property) =>
        section.Length == 0 ? property : $"{section}:{property}";

    public static string ToVariable(string path) =>
        Prefix + path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    public static bool IsVariable(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static string FromVariable(string name) =>
        name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);

    /// <summary>
    /// Kubernetes puts variables such as <c>GATEHOUSE_SERVICE_HOST</c> and <c>GATEHOUSE_PORT=tcp://…</c> into every
    /// container of a namespace with a Service named gatehouse; they are not ours, and no operator wrote them.
    /// </summary>
    public static bool IsServiceLink(string name, string? value) =>
        ServiceLink().IsMatch(name) ||
        (name.EndsWith("_PORT", StringComparison.Ordinal) && value?.Contains("://", StringComparison.Ordinal) == true);

    [GeneratedRegex("_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ServiceLink();
}
