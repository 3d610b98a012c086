using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Limits;

/// <summary>Rate limits.</summary>
[Section("Limits")]
public sealed class LimitsOptions
{
    [Setting("`false` switches every rate limit off, for benches.")]
    public bool Enabled { get; set; } = true;

    [Setting("Requests a minute from one address (IPv6: one /64) to register, log in and refresh.",
        Min = 1, Max = 1_000_000)]
    public int AuthPerMinute { get; set; } = 60;
}
