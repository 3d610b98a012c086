using System.Globalization;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Registry;

/// <summary>Where this process says that its modules are there.</summary>
[Section("Registry")]
public sealed class RegistryOptions : IValidatedOptions
{
    [Setting(
        "Gateways whose registry the modules of this process register in, such as `http://gateway:8080`. Several are " +
        "tried in turn: they have to share their registry by PostgreSQL. Empty: they do not register.")]
    public IReadOnlyList<string> Url { get; set; } = [];

    [Setting("One of the keys in `GATEHOUSE_GATEWAY__REGISTRYKEY` there.", Secret = true)]
    public string Key { get; set; } = "";

    [Setting("How gateways reach this process: `http://10.0.0.11:8080`. Host and port become its id.")]
    public string Address { get; set; } = "";

    [Setting("Its share of requests against that of the others of its cluster.", Min = 0, Max = 1_000)]
    public int Weight { get; set; } = 1;

    [Setting("What clusters may ask for, such as `v2` or `zone=a`.")]
    public IReadOnlyList<string> Tags { get; set; } = [];

    [Setting("Seconds after which gateways forget a process that says nothing; it says something three times as often.",
        Min = 5, Max = 300)]
    public int LeaseSeconds { get; set; } = 15;

    /// <summary>The same after a restart, so that it takes its own place.</summary>
    internal string Id
    {
        get
        {
            var address = new Uri(Address);
            var name = string.Create(CultureInfo.InvariantCulture, $"{address.IdnHost}-{address.Port}");
            var id = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
            return id.Length <= 64 ? id : id[^64..];
        }
    }

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (Url.Count == 0)
        {
            yield break;
        }

        if (!Url.All(IsAddress))
        {
            yield return (nameof(Url), "must be addresses such as http://gateway:8080");
        }

        if (!IsAddress(Address))
        {
            yield return (nameof(Address), "is required to register: an address such as http://10.0.0.11:8080");
        }

        if (Key.Length == 0)
        {
            yield return (nameof(Key), "is required to register");
        }
        else if (Key.Any(c => c is <= ' ' or > '~'))
        {
            yield return (nameof(Key), "must be printable ASCII without spaces");
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") &&
        address is { PathAndQuery: "/", Fragment: "", UserInfo: "", Host.Length: > 0 };
}
