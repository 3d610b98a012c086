using System.Collections.Concurrent;

namespace Gatehouse.Gateway.Telemetry;

/// <summary>Names of the file as labels: as many as a metrics store can bear, and <c>other</c> for those past it.</summary>
internal static class Labels
{
    public const int CountMax = 1_000;
    public const string Other = "other";

    private static readonly BoundedNames Routes = new();
    private static readonly BoundedNames Clusters = new();
    private static readonly BoundedNames Destinations = new();

    public static string OfRoute(string id) => Routes.Of(id);

    public static string OfCluster(string id) => Clusters.Of(id);

    public static string OfDestination(string id) => Destinations.Of(id);

    internal sealed class BoundedNames
    {
        private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);
        private int count;

        public string Of(string id)
        {
            if (known.TryGetValue(id, out var label))
            {
                return label;
            }

            if (Volatile.Read(ref count) >= CountMax)
            {
                return Other;
            }

            if (known.TryAdd(id, id))
            {
                Interlocked.Increment(ref count);
            }

            return id;
        }
    }
}
