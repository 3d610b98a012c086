using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Limits;

/// <summary>Rate limits.</summary>
[Section("Limits")]
public sealed class LimitsOptions
{
    [Setting("`false` switches every rate limit off, for benches.")]
    public bool Enabled { get; set; } = true;

    [Setting("Requests a minute from one address (IPv6: one /64) of those who have not signed in.",
        Min = 1, Max = 1_000_000)]
    public int AnonymousPerMinute { get; set; } = 100;

    [Setting("Requests a minute of one account.", Min = 1, Max = 1_000_000)]
    public int UserPerMinute { get; set; } = 600;

    [Setting(
        "Requests with a token a minute from one address, whoever's, before any token is checked; each instance " +
        "counts for itself. As many as all people behind one address may need.",
        Min = 1, Max = 1_000_000)]
    public int AddressPerMinute { get; set; } = 6_000;

    [Setting("Requests a minute from one address (IPv6: one /64) to register and log in.",
        Min = 1, Max = 1_000_000)]
    public int AuthPerMinute { get; set; } = 60;

    [Setting("Addresses, accounts and other keys that an instance remembers at most; further ones share.",
        Min = 64, Max = 10_000_000)]
    public int KeysMax { get; set; } = 100_000;

    [Setting(
        "With Redis: instances to divide the limits by at least, when Redis is lost; more where it has counted more.",
        Min = 1, Max = 1_000)]
    public int InstancesAssumed { get; set; } = 1;
}
