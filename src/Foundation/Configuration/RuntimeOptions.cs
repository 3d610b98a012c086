namespace Gatehouse.Foundation.Configuration;

/// <summary>The keys at the root: where it runs, and what of it.</summary>
[Section("")]
public sealed class RuntimeOptions
{
    /// <summary>In <see cref="Modules"/>: every module there is.</summary>
    public const string All = "all";

    [Setting("`development` adds demo data, readable logs and detail; `production` demands secrets and seeds nothing.")]
    public RuntimeEnvironment Environment { get; set; } = RuntimeEnvironment.Production;

    [Setting("The modules this process serves: `all`, or some of their names.")]
    public IReadOnlyList<string> Modules { get; set; } = [All];

    public bool Serves(string module) =>
        Modules.Contains(All, StringComparer.OrdinalIgnoreCase) ||
        Modules.Contains(module, StringComparer.OrdinalIgnoreCase);
}
