namespace Gatehouse.Foundation.Messaging;

/// <summary>What a consumer asks for in <see cref="IEventConsumer.Types"/>.</summary>
internal static class EventPattern
{
    public const string All = "*";

    /// <summary><c>booking.confirmed</c> is itself, <c>booking.*</c> all of that word, <c>*</c> everything.</summary>
    public static bool Matches(string pattern, string type) => pattern == All
        || (pattern.EndsWith(".*", StringComparison.Ordinal)
            ? type.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : string.Equals(pattern, type, StringComparison.Ordinal));

    public static bool Wants(this IEventConsumer consumer, string type) =>
        consumer.Types.Any(pattern => Matches(pattern, type));
}
