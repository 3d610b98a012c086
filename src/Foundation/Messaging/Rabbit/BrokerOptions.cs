using Gatehouse.Foundation.Configuration;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>RabbitMQ, which integration events take from process to process.</summary>
[Section("Broker")]
public sealed class BrokerOptions : IValidatedOptions
{
    [Setting(
        "RabbitMQ: `amqp://user:password@host:5672/virtual-host`, or `amqps://…` with TLS. Empty: events reach the " +
        "consumers of the same process only.",
        Secret = true)]
    public string? Connection { get; set; }

    [Setting("What the name of every exchange and queue begins with, so that installations can share a virtual host.")]
    public string Prefix { get; set; } = "gatehouse";

    [Setting("Events on their way to one consumer of one instance, at most.",
        Min = 1, Max = 2000)]
    public int Prefetch { get; set; } = 500;

    [Setting("Seconds to wait for a connection, and for the confirmation of a batch.", Min = 1, Max = 60)]
    public int TimeoutSeconds { get; set; } = 5;

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Connection);

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (IsConfigured && !IsAddress(Connection!))
        {
            yield return (
                nameof(Connection),
                "is not an address: write amqp://user:password@host:5672/virtual-host, or amqps://…");
        }

        if (Prefix.Length is 0 or > 50 ||
            Prefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            yield return (nameof(Prefix), "must be 1 to 50 ASCII letters, digits, dots, hyphens and underscores");
        }
    }

    // The client's message is not passed on: it may quote user and password.
    private static bool IsAddress(string text)
    {
        try
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 &&
                new ConnectionFactory { Uri = address }.HostName.Length > 0;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
