using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Gateway;

/// <summary>What of the gateway is a setting of the process; routes and clusters are in its file.</summary>
[Section("Gateway")]
internal sealed class GatewayOptions
{
    [Setting(
        "The file with routes and clusters, YAML or JSON; followed while the gateway runs. " +
        "Empty: nothing is forwarded.")]
    public string File { get; set; } = "";

    [Setting(
        "Seconds between two looks at the file, beside being told of changes: not every file system tells.",
        Min = 0.1, Max = 3_600)]
    public double PollSeconds { get; set; } = 2;
}
