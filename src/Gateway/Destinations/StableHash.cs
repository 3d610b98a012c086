using System.Runtime.InteropServices;

namespace Gatehouse.Gateway.Destinations;

/// <summary>The same in every process and version, which <c>string.GetHashCode</c> is not.</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        // FNV-1a, then mixed.
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in MemoryMarshal.AsBytes(text))
        {
            hash = (hash ^ b) * 1_099_511_628_211UL;
        }

        return Mix(hash);
    }

    // The finalizer of SplitMix64.
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }
}
