using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Passes a body on as it comes: what was read is sent before more is waited for.</summary>
internal static class ResponseBody
{
    // Up to here the server's own memory is read into; above, a larger block saves system calls.
    private const int SmallBytesMax = 4096;

    // Then the thread that serves other sockets as well is left to them.
    private const int BlocksATurn = 16;

    /// <summary>How many bytes it had.</summary>
    public static async ValueTask<long> Copy(
        Stream upstream, Version version, HttpResponse response, TimeLimit limit, TimeSpan idle,
        TimeSpan taking)
    {
        var cancellation = limit.Token;
        var writer = response.BodyWriter;
        var length = response.ContentLength;

        // An answer whose body is still to be made: its head must not wait for it.
        var first = Read(upstream, Memory<byte>.Empty, limit, idle);
        var isOnItsWay = !first.IsCompletedSuccessfully;
        if (isOnItsWay)
        {
            await writer.FlushAsync(cancellation);
        }

        await first;
        // In HTTP/2 trailers may follow what the length counts.
        if (length <= SmallBytesMax && version.Major == 1)
        {
            await CopySmall(upstream, writer, (int)length.Value, isOnItsWay, limit, idle);
            return length.Value;
        }

        return await CopyLarge(upstream, writer, limit, idle, taking);
    }

    // What is left the server sends when the answer ends, in one piece with the head; but only if that is still to go.
    private static async ValueTask CopySmall(
        Stream upstream, PipeWriter writer, int length, bool isOnItsWay, TimeLimit limit, TimeSpan idle)
    {
        while (length > 0)
        {
            var read = await Read(upstream, writer.GetMemory(), limit, idle);
            if (read == 0)
            {
                break;
            }

            writer.Advance(read);
            length -= read;
            if (length > 0 || isOnItsWay)
            {
                await writer.FlushAsync(limit.Token);
                isOnItsWay = true;
            }
        }
    }

    private static async ValueTask<long> CopyLarge(
        Stream upstream, PipeWriter writer, TimeLimit limit, TimeSpan idle, TimeSpan taking)
    {
        var block = Blocks.Take();
        var count = 0L;
        try
        {
            for (var blocks = 1; ; blocks++)
            {
                var read = await Read(upstream, block, limit, idle);
                if (read == 0)
                {
                    return count;
                }

                count += read;
                if (blocks % BlocksATurn == 0)
                {
                    await Task.Yield();
                }

                var write = writer.WriteAsync(block.AsMemory(0, read), limit.Token);
                var flushed = await (write.IsCompleted ? write : Taken(write, limit, taking));
                if (flushed.IsCompleted)
                {
                    // The client does not read on; its leaving cancels the rest.
                    return count;
                }
            }
        }
        finally
        {
            Blocks.Give(block);
        }
    }

    private static ValueTask<int> Read(Stream upstream, Memory<byte> block, TimeLimit limit, TimeSpan idle)
    {
        var read = upstream.ReadAsync(block, limit.Token);
        return read.IsCompleted || idle == Timeout.InfiniteTimeSpan ? read : Wait(read, limit, idle);
    }

    // The server goes by a rate, and what the system's buffers took counts: who reads nothing at all has hours.
    private static async ValueTask<FlushResult> Taken(ValueTask<FlushResult> write, TimeLimit limit, TimeSpan taking)
    {
        limit.Within(taking);
        try
        {
            var flushed = await write;
            limit.Lift();
            return flushed;
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The client does not take the answer.", exception);
        }
    }

    // Of the upstream alone; the client's own slowness is bounded above.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> Wait(ValueTask<int> read, TimeLimit limit, TimeSpan idle)
    {
        limit.Within(idle);
        var count = await read;
        limit.Lift();
        return count;
    }
}
