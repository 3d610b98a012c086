namespace Gatehouse.Gateway.Forwarding;

/// <summary>Follows a stream of WebSocket frames by their heads alone (RFC 6455, section 5.2).</summary>
internal sealed class FrameBorders
{
    private const int HeadBytesMax = 14;
    private readonly byte[] head = new byte[HeadBytesMax];
    private int headCount;
    private ulong payloadLeft;

    /// <summary>Between two frames.</summary>
    public bool IsAtBorder => headCount == 0 && payloadLeft == 0;

    /// <summary>A Close frame went by: nothing may follow it.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Answers how many of the bytes may be passed on: all, or up to the first border.</summary>
    public int Advance(ReadOnlySpan<byte> bytes, bool stopAtBorder)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (payloadLeft > 0)
            {
                var count = (int)Math.Min(payloadLeft, (ulong)(bytes.Length - at));
                payloadLeft -= (ulong)count;
                at += count;
            }
            else
            {
                head[headCount++] = bytes[at++];
                if (headCount >= 2 && headCount == HeadLength())
                {
                    payloadLeft = PayloadLength();
                    HasClosed |= (head[0] & 0x0F) == 8;
                    headCount = 0;
                }
            }

            if (stopAtBorder && IsAtBorder)
            {
                break;
            }
        }

        return at;
    }

    private int HeadLength()
    {
        var length = (head[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        return (head[1] & 0x80) != 0 ? length + 4 : length;
    }

    private ulong PayloadLength() => (head[1] & 0x7F) switch
    {
        126 => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)),
        127 => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(2)),
        var length => (ulong)length,
    };
}
