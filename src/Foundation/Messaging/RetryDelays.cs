using Gatehouse.Foundation.Jobs;

namespace Gatehouse.Foundation.Messaging;

/// <summary>When an event that a consumer failed on comes again.</summary>
internal static class RetryDelays
{
    /// <summary>After so many failed attempts; null when that was the last.</summary>
    public static TimeSpan? After(int failures) => failures <= JobPolicy.UsualDelays.Count
        // Longer by up to a fifth, so that what failed together does not come back together.
        ? JobPolicy.UsualDelays[failures - 1] * (1 + (Random.Shared.NextDouble() / 5))
        : null;
}
