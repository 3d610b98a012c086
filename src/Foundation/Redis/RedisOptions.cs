using Gatehouse.Foundation.Configuration;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Redis;

/// <summary>Redis, which several instances share limits and caches through. Nothing is kept in it alone.</summary>
[Section("Redis")]
public sealed class RedisOptions : IValidatedOptions
{
    [Setting(
        "Redis as StackExchange.Redis reads it: `host:6379,password=…,ssl=true`. Empty: each instance has limits and " +
        "caches of its own.",
        Secret = true)]
    public string? Connection { get; set; }

    [Setting("What the name of every key and channel begins with, so that installations can share a Redis.")]
    public string Prefix { get; set; } = "gatehouse:";

    [Setting("Milliseconds an answer is waited for; then it goes on without Redis.", Min = 1, Max = 5000)]
    public int TimeoutMs { get; set; } = 50;

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Connection);

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (IsConfigured && !IsConnection(Connection!))
        {
            yield return (nameof(Connection), "is not a connection: write host:6379,password=…");
        }

        if (Prefix.Length > 100 || Prefix.Any(c => c is <= ' ' or > '~'))
        {
            yield return (nameof(Prefix), "must be at most 100 printable ASCII characters without spaces");
        }
    }

    // The parser's message is not passed on: it may quote what stands where a key is expected, such as a password.
    private static bool IsConnection(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
