using Gatehouse.Foundation.Configuration;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications;

/// <summary>Webhooks.</summary>
[Section("Webhooks")]
internal sealed class WebhooksOptions : IValidatedOptions
{
    [Setting("Hosts, addresses and networks that webhooks may reach though they are not public, by any port, such " +
             "as `localhost` or `10.1.0.0/16`.")]
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    [Setting("Ports that webhooks may use: numbers and ranges such as `8000-8999`.")]
    public IReadOnlyList<string> Ports { get; set; } = ["80", "443", "8080", "8443"];

    [Setting("Seconds an attempt may take, from looking up the name to the head of the answer.", Min = 1, Max = 30)]
    public int TimeoutSeconds { get; set; } = 5;

    [Setting("Attempts that one process makes at once; at most half of them to webhooks that fail.",
        Min = 2, Max = 1_000)]
    public int Concurrency { get; set; } = 128;

    [Setting("Attempts that one process makes at once for one user to one host and port.", Min = 1, Max = 100)]
    public int HostConcurrency { get; set; } = 4;

    [Setting("Attempts that one process makes at once to the webhooks of one user.", Min = 1, Max = 1_000)]
    public int UserConcurrency { get; set; } = 80;

    [Setting("Deliveries of one webhook that may wait. Past it they fail at once, and a replay sends them.",
        Min = 100, Max = 1_000_000)]
    public int WaitingMax { get; set; } = 10_000;

    [Setting("The same of all webhooks of one user.", Min = 100, Max = 10_000_000)]
    public int UserWaitingMax { get; set; } = 50_000;

    [Setting("Days after which a webhook where nothing arrives is switched off.", Min = 1, Max = 90)]
    public int DisableAfterDays { get; set; } = 5;

    [Setting("Days the log of deliveries is kept.", Min = 7, Max = 365)]
    public int RetentionDays { get; set; } = 30;

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        foreach (var host in AllowedHosts.Where(host => !WebhookTargets.TryNetwork(host, out _) &&
            Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            yield return (nameof(AllowedHosts), $"'{host}' is no host name, no address and no network");
        }

        foreach (var port in Ports.Where(port => !WebhookTargets.TryPorts(port, out _)))
        {
            yield return (nameof(Ports), $"'{port}' is no port and no range of ports");
        }
    }
}
