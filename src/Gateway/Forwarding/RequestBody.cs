using System.Buffers;
using System.IO.Pipelines;
using System.Numerics;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// The client's body: streamed once, or kept so that it can be sent again. What is kept is bounded; what is streamed is
/// never held but for what the server's own pipe holds.
/// </summary>
internal sealed class RequestBody(PipeReader reader, long? length) : IDisposable
{
    private const int StepBytes = 4096;

    private byte[]? kept;
    private ReplayMemory? taken;
    private int count;
    private bool isWhole;
    private bool isTaken;

    /// <summary>Why the client's body could not be read; null while nothing went wrong.</summary>
    public Exception? Fault { get; private set; }

    public bool IsReplayable => isWhole || !isTaken;

    /// <summary>Of what is sent; null: in chunks.</summary>
    public long? Length => isWhole ? count : length;

    /// <summary>Reads ahead, in the hope that this is all.</summary>
    /// <param name="bytesMax">Past it the body is streamed after all, and cannot be sent again.</param>
    /// <param name="memory">The same when this has no more to give.</param>
    public async ValueTask Keep(int bytesMax, ReplayMemory memory, CancellationToken cancellation)
    {
        while (!isWhole && count <= bytesMax)
        {
            var read = await Read(cancellation);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, bytesMax + 1 - count));
            if (!TryGrow(count + (int)part.Length, memory))
            {
                reader.AdvanceTo(read.Buffer.Start);
                return;
            }

            part.CopyTo(kept.AsSpan(count));
            count += (int)part.Length;
            isWhole = read.IsCompleted && part.Length == read.Buffer.Length;
            reader.AdvanceTo(part.End);
        }
    }

    public async Task CopyTo(Stream upstream, CancellationToken cancellation)
    {
        if (!isWhole)
        {
            if (isTaken)
            {
                throw new InvalidOperationException("The body was streamed, and is not there a second time.");
            }

            isTaken = true;
        }

        if (count > 0)
        {
            await upstream.WriteAsync(kept.AsMemory(0, count), cancellation);
        }

        if (!isWhole)
        {
            await Stream(upstream, cancellation);
        }
    }

    /// <summary>Throws what reading the client's body threw, if it did.</summary>
    public void ThrowIfFaulted()
    {
        // The server says most of it so itself, but not that a chunk's size overflows.
        if (Fault is IOException and not (ConnectionResetException or BadHttpRequestException))
        {
            throw new BadHttpRequestException("The body could not be read.", Fault);
        }

        if (Fault is not null)
        {
            ExceptionDispatchInfo.Throw(Fault);
        }
    }

    public void Dispose()
    {
        if (kept is not null)
        {
            ArrayPool<byte>.Shared.Return(kept);
            taken!.Give(kept.Length);
            kept = null;
        }
    }

    // As much as has come calls for: who promises much and sends nothing holds nothing.
    private bool TryGrow(int bytes, ReplayMemory memory)
    {
        if (bytes <= (kept?.Length ?? 0))
        {
            return true;
        }

        // What the pool hands out: the next power of two.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, StepBytes));
        if (!memory.TryTake(size))
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        kept.AsSpan(0, count).CopyTo(larger);
        Dispose();
        (kept, taken) = (larger, memory);
        return true;
    }

    private async Task Stream(Stream upstream, CancellationToken cancellation)
    {
        while (true)
        {
            var pending = Read(cancellation);
            if (!pending.IsCompleted)
            {
                // Nothing more at the moment: what is there may be what the other end waits for.
                await upstream.FlushAsync(cancellation);
            }

            var read = await pending;
            try
            {
                foreach (var segment in read.Buffer)
                {
                    await upstream.WriteAsync(segment, cancellation);
                }
            }
            finally
            {
                Advance(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    // In HTTP/2 the server counts, and refuses, what was read.
    private void Advance(SequencePosition end)
    {
        try
        {
            reader.AdvanceTo(end);
        }
        catch (Exception exception)
        {
            Fault = exception;
            throw;
        }
    }

    private async ValueTask<ReadResult> Read(CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Fault = exception;
            throw;
        }
    }
}
