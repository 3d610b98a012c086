using System.Runtime.InteropServices;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// How often each address did what it should not, in the window that began with its first time. Bounded: past
/// <see cref="EntriesMax"/> addresses the one that has been quiet longest is forgotten, so that a flood of addresses
/// costs strikes and never makes innocent ones share them.
/// </summary>
internal sealed class AddressStrikes(TimeProvider time)
{
    public const int EntriesMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<LimitKey, LinkedListNode<Strikes>> byKey = [];
    private readonly LinkedList<Strikes> quietestFirst = [];

    public int Count => byKey.Count;

    /// <summary>True when it was once too often; then it is counted from none again.</summary>
    public bool Add(LimitKey key, BlockRule rule)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _);
            if (node is null)
            {
                node = quietestFirst.AddLast(new Strikes(key, now));
            }
            else
            {
                quietestFirst.Remove(node);
                quietestFirst.AddLast(node);
                if (time.GetElapsedTime(node.Value.Since, now) >= rule.Window)
                {
                    node.Value = new Strikes(key, now);
                }
            }

            node.ValueRef.Count++;
            var isTooOften = node.Value.Count > rule.StrikesMax;
            if (isTooOften)
            {
                Remove(node);
            }
            else if (byKey.Count > EntriesMax)
            {
                Remove(quietestFirst.First!);
            }

            return isTooOften;
        }
    }

    public void Forget(LimitKey key)
    {
        lock (gate)
        {
            if (byKey.TryGetValue(key, out var node))
            {
                Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Strikes> node)
    {
        byKey.Remove(node.Value.Key);
        quietestFirst.Remove(node);
    }

    private struct Strikes(LimitKey key, long since)
    {
        public readonly LimitKey Key => key;

        public readonly long Since => since;

        public int Count { get; set; }
    }
}
