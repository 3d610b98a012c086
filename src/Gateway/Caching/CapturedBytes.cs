using System.Buffers;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Caching;

/// <summary>A body that is being taken down, in blocks, while it is sent on.</summary>
/// <param name="length">Where it is known, one block of that length is what is kept in the end.</param>
internal sealed class CapturedBytes(long? length, long most, ReplayMemory memory)
{
    private const int BlockBytes = 32 * 1024;

    private readonly Lock gate = new();
    private readonly List<byte[]> blocks = [];
    private long taken;
    private int written;
    private ReadOnlyMemory<byte>? kept;

    public int Length => Volatile.Read(ref written);

    /// <summary>False: it would be longer than may be kept. Nothing of it is taken then.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (written + (long)bytes.Length > (length ?? most))
        {
            return false;
        }

        lock (gate)
        {
            var start = written;
            while (bytes.Length > 0)
            {
                var (block, at) = Place(written);
                if (block == blocks.Count && !TryGrow())
                {
                    Volatile.Write(ref written, start);
                    return false;
                }

                var count = Math.Min(bytes.Length, BlockSize - at);
                bytes[..count].CopyTo(blocks[block].AsSpan(at));
                bytes = bytes[count..];
                Volatile.Write(ref written, written + count);
            }

            return true;
        }
    }

    /// <summary>What follows a place in one piece, empty at the end.</summary>
    public ReadOnlyMemory<byte> From(int start)
    {
        lock (gate)
        {
            if (start >= written)
            {
                return default;
            }

            if (kept is { } body)
            {
                return body.Slice(start, Math.Min(written - start, BlockBytes));
            }

            var (block, at) = Place(start);
            var count = Math.Min(Math.Min(written - start, BlockSize - at), BlockBytes);
            return blocks[block].AsMemory(at, count);
        }
    }

    public ReadOnlyMemory<byte> ToBody()
    {
        if (length is not null && blocks.Count == 1)
        {
            return blocks[0].AsMemory(0, written);
        }

        var body = GC.AllocateUninitializedArray<byte>(written);
        for (var at = 0; at < written;)
        {
            var piece = From(at);
            piece.CopyTo(body.AsMemory(at));
            at += piece.Length;
        }

        return body;
    }

    /// <summary>What is left to send is read from what was kept of it: the memory is given back.</summary>
    public void Settle(ReadOnlyMemory<byte> body, bool areFree)
    {
        lock (gate)
        {
            kept = body;
            Give(areFree);
        }
    }

    /// <summary>Gives the memory back.</summary>
    /// <param name="areFree">Nobody reads its blocks any more.</param>
    public void Give(bool areFree)
    {
        lock (gate)
        {
            foreach (var block in areFree && length is null ? blocks : [])
            {
                ArrayPool<byte>.Shared.Return(block);
            }

            blocks.Clear();
            memory.Give(taken);
            taken = 0;
        }
    }

    private int BlockSize => length is { } known ? (int)known : BlockBytes;

    private (int Block, int At) Place(int position) => (position / BlockSize, position % BlockSize);

    private bool TryGrow()
    {
        if (!memory.TryTake(BlockSize))
        {
            return false;
        }

        taken += BlockSize;
        blocks.Add(length is null
            ? ArrayPool<byte>.Shared.Rent(BlockBytes)
            : GC.AllocateUninitializedArray<byte>(BlockSize));
        return true;
    }
}
