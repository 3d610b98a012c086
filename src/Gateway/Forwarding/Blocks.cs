using System.Collections.Concurrent;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// Blocks that bodies are copied through. The shared pool keeps few of this size, and by thread, while a copy begins on
/// one and ends on another: half of all blocks would be new.
/// </summary>
internal static class Blocks
{
    public const int Bytes = 64 * 1024;
    private const int KeptMax = 256;
    private static readonly ConcurrentQueue<byte[]> Kept = new();

    public static byte[] Take() => Kept.TryDequeue(out var block) ? block : new byte[Bytes];

    public static void Give(byte[] block)
    {
        if (Kept.Count < KeptMax)
        {
            Kept.Enqueue(block);
        }
    }
}
