using System.Buffers;
using System.Security.Cryptography;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// One way of a WebSocket: passes bytes on and knows where frames end, to put one of its own between two.
/// </summary>
/// <param name="isMasked">As clients have to send them (RFC 6455, section 5.3).</param>
internal sealed class FramePump(Stream from, Stream to, bool isMasked) : IDisposable
{
    private const int BlockBytes = 16 * 1024;

    // Then the thread that serves other sockets as well is left to them.
    private const int BlocksATurn = 64;

    private const byte FinalClose = 0x88;
    private const byte Masked = 0x80;

    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly FrameBorders borders = new();
    private bool wantsClose;
    private bool isClosed;

    /// <summary>Called when something came.</summary>
    public required Action Passed { private get; init; }

    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Until the sender ends, or <paramref name="cancellation"/> does; it does not throw.</summary>
    public Task Run(CancellationToken cancellation) => Running = Pump(cancellation);

    /// <summary>Sends Close 1001 as soon as no frame is on its way; what comes after is not passed on.</summary>
    public void CloseGoingAway(CancellationToken cancellation) => _ = Closing(cancellation);

    public void Dispose() => writing.Dispose();

    private async Task Closing(CancellationToken cancellation)
    {
        try
        {
            await writing.WaitAsync(cancellation);
            try
            {
                wantsClose = true;
                await CloseAtBorder(cancellation);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            // It is gone already.
        }
    }

    private async Task Pump(CancellationToken cancellation)
    {
        byte[]? block = null;
        try
        {
            for (var blocks = 1; ; blocks++)
            {
                if (blocks % BlocksATurn == 0)
                {
                    await Task.Yield();
                }

                // Five thousand that are silent must not hold a block each.
#pragma warning disable CA2022 // It reads nothing: it waits until there is something to read.
                _ = await from.ReadAsync(Memory<byte>.Empty, cancellation);
#pragma warning restore CA2022
                block = ArrayPool<byte>.Shared.Rent(BlockBytes);
                var read = await from.ReadAsync(block, cancellation);
                if (read == 0)
                {
                    return;
                }

                Passed();
                await Pass(block.AsMemory(0, read), cancellation);
                ArrayPool<byte>.Shared.Return(block);
                block = null;
            }
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            // Either end broke off, or it took too long to close.
        }
        finally
        {
            if (block is not null)
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    private async Task Pass(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            if (isClosed)
            {
                return;
            }

            var count = borders.Advance(bytes.Span, stopAtBorder: wantsClose);
            await to.WriteAsync(bytes[..count], cancellation);
            await to.FlushAsync(cancellation);
            await CloseAtBorder(cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task CloseAtBorder(CancellationToken cancellation)
    {
        if (!wantsClose || isClosed || !borders.IsAtBorder)
        {
            return;
        }

        isClosed = true;
        if (!borders.HasClosed)
        {
            await to.WriteAsync(CloseFrame(), cancellation);
            await to.FlushAsync(cancellation);
        }
    }

    private byte[] CloseFrame()
    {
        // 1001, "going away".
        byte[] code = [0x03, 0xE9];
        if (!isMasked)
        {
            return [FinalClose, 2, .. code];
        }

        var mask = RandomNumberGenerator.GetBytes(4);
        return [FinalClose, Masked | 2, .. mask, (byte)(code[0] ^ mask[0]), (byte)(code[1] ^ mask[1])];
    }

    private static bool IsEnd(Exception failure) =>
        failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
