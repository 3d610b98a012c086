using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Passes a body on as it comes: what was read is sent before more is waited for.</summary>
internal static class ResponseBody
{
    // Up to here the server's own memory is read into; above, a larger block saves system calls.
    private const int SmallBytesMax = 4096;
    private const int BlockBytes = 64 * 1024;

    public static async ValueTask Copy(
        Stream upstream, Version version, HttpResponse response, CancellationToken cancellation)
    {
        var writer = response.BodyWriter;
        var length = response.ContentLength;

        // An answer whose body is still to be made: its head must not wait for it.
        var first = upstream.ReadAsync(Memory<byte>.Empty, cancellation);
        var isOnItsWay = !first.IsCompletedSuccessfully;
        if (isOnItsWay)
        {
            await writer.FlushAsync(cancellation);
        }

        await first;
        // In HTTP/2 trailers may follow what the length counts.
        if (length <= SmallBytesMax && version.Major == 1)
        {
            await CopySmall(upstream, writer, (int)length.Value, isOnItsWay, cancellation);
        }
        else
        {
            await CopyLarge(upstream, writer, cancellation);
        }
    }

    // What is left the server sends when the answer ends, in one piece with the head; but only if that is still to go.
    private static async ValueTask CopySmall(
        Stream upstream, PipeWriter writer, int length, bool isOnItsWay, CancellationToken cancellation)
    {
        while (length > 0)
        {
            var read = await upstream.ReadAsync(writer.GetMemory(), cancellation);
            if (read == 0)
            {
                break;
            }

            writer.Advance(read);
            length -= read;
            if (length > 0 || isOnItsWay)
            {
                await writer.FlushAsync(cancellation);
                isOnItsWay = true;
            }
        }
    }

    private static async ValueTask CopyLarge(Stream upstream, PipeWriter writer, CancellationToken cancellation)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            while (true)
            {
                var read = await upstream.ReadAsync(block, cancellation);
                if (read == 0)
                {
                    return;
                }

                var flushed = await writer.WriteAsync(block.AsMemory(0, read), cancellation);
                if (flushed.IsCompleted)
                {
                    // The client does not read on; its leaving cancels the rest.
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
