using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Gateway;

/// <summary>What of the gateway is a setting of the process; routes and clusters are in its file.</summary>
[Section("Gateway")]
internal sealed class GatewayOptions : IValidatedOptions
{
    private const int KeyCharactersMin = 32;

    [Setting(
        "The file with routes and clusters, YAML or JSON; followed while the gateway runs. " +
        "Empty: nothing is forwarded.")]
    public string File { get; set; } = "";

    [Setting(
        "Seconds between two looks at the file, beside being told of changes: not every file system tells.",
        Min = 0.1, Max = 3_600)]
    public double PollSeconds { get; set; } = 2;

    [Setting("WebSockets that may be open at once; who asks for one more gets 503.", Min = 0, Max = 1_000_000)]
    public int WebSocketsMax { get; set; } = 10_000;

    [Setting("Seconds after which a WebSocket is closed that carried nothing either way.", Min = 1, Max = 86_400)]
    public int WebSocketIdleSeconds { get; set; } = 600;

    [Setting(
        "Bytes of bodies kept at once for another try, in all requests together; past it bodies are sent once.",
        Min = 0, Max = 17_179_869_184)]
    public long ReplayBytesMax { get; set; } = 134_217_728;

    [Setting(
        "API descriptions (OpenAPI 3.1 in JSON) of services behind it, by URL: shown with its own at " +
        "`/openapi/v1.json` and `/docs`. Read again every half a minute; what cannot be had stays as it was.")]
    public IReadOnlyList<string> Descriptions { get; set; } = [];

    [Setting(
        "With one of these, of 32 characters or more each, a server may register in clusters with `registry`; several, " +
        "so that they can be changed one after another. Empty: administrators only.",
        Secret = true)]
    public IReadOnlyList<string> RegistryKey { get; set; } = [];

    [Setting(
        "Seconds in which a client has to take each 64 KiB of an answer; past them its connection is cut.",
        Min = 1, Max = 3_600)]
    public int TakenWithinSeconds { get; set; } = 60;

    [Setting(
        "Port of https:// that requests in the clear are sent to by 308, as clients see it, such as 443. " +
        "0: they are served.",
        Min = 0, Max = 65_535)]
    public int RedirectToHttps { get; set; }

    [Setting("Days for which browsers ask by https alone (HSTS), told in answers over TLS. 0: not told.",
        Min = 0, Max = 3_650)]
    public int HstsDays { get; set; }

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (RegistryKey.Any(key => key.Length < KeyCharactersMin || key.Any(c => c is <= ' ' or > '~')))
        {
            yield return (
                nameof(RegistryKey), $"must be {KeyCharactersMin} printable characters or more each, without spaces");
        }
    }
    [Setting("Bytes of the file that an administrator may send to replace it.", Min = 1_024, Max = 4_194_304)]
    public int ConfigBytesMax { get; set; } = 4_194_304;

    [Setting(
        "Bytes of answers kept at once for routes with cache, in all together; past it what was not used of late goes.",
        Min = 0, Max = 1_099_511_627_776)]
    public long CacheBytesMax { get; set; } = 134_217_728;
}
