using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Gateway.Caching;

/// <summary>What is done with an answer, once its head is there.</summary>
internal enum CaptureMode
{
    Undecided,
    PassOn,

    /// <summary>Passed on, and taken down.</summary>
    Keep,

    /// <summary>Nobody sees it: another is given in its place.</summary>
    Discard,
}

/// <summary>
/// Stands in the place of a response's body while a request is forwarded. What is to be kept is read as fast as it
/// comes: a client that reads slowly gets the rest from what was taken down, and holds up nobody who waits for it.
/// </summary>
internal sealed class AnswerCapture(
    IHttpResponseBodyFeature inner,
    Func<AnswerCapture, CaptureMode> decide,
    TimeSpan takenWithin,
    CancellationToken gone)
    : Stream, IHttpResponseBodyFeature
{
    private CaptureMode mode;
    private PipeWriter? writer;
    private Task sending = Task.CompletedTask;
    private int sent;

    /// <summary>Set by who decides to keep it; null: nothing was taken down, or it was too much.</summary>
    public CapturedBytes? Captured { get; set; }

    /// <summary>Is told when it was too much.</summary>
    public Action? TooLong { get; init; }

    public Stream Stream => this;

    public PipeWriter Writer => writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What was written last and not sent yet is taken down, and the head decided on if nothing was.</summary>
    public async ValueTask End()
    {
        if (writer is { UnflushedBytes: > 0 })
        {
            await writer.FlushAsync(gone);
        }

        Decide();
    }

    /// <summary>It is kept: a client that reads slowly holds no more than that.</summary>
    public void Settle(ReadOnlyMemory<byte> body) => Captured?.Settle(body, sending.IsCompletedSuccessfully);

    /// <summary>The client has got all of it.</summary>
    public async ValueTask Finish()
    {
        if (Captured is not null)
        {
            await sending;
            await Send();
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Decide();
        if (mode == CaptureMode.Discard || buffer.Length == 0)
        {
            return;
        }

        if (Captured is not null)
        {
            if (Captured.TryAdd(buffer.Span))
            {
                SendOn();
                return;
            }

            TooLong?.Invoke();
            await Finish();
            Captured.Give(areFree: true);
            Captured = null;
        }

        await inner.Writer.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        Decide();
        if (mode == CaptureMode.Discard)
        {
            return;
        }

        if (Captured is null)
        {
            await inner.Writer.FlushAsync(cancellationToken);
        }
        else if (sending.IsCompleted && sent == 0)
        {
            sending = inner.Writer.FlushAsync(gone).AsTask();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Decide();
        if (mode != CaptureMode.Discard)
        {
            await inner.StartAsync(cancellationToken);
        }
    }

    public async Task CompleteAsync()
    {
        await End();
        await Finish();
        if (mode != CaptureMode.Discard)
        {
            await inner.CompleteAsync();
        }
    }

    public Task SendFileAsync(
        string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public void DisableBuffering() => inner.DisableBuffering();

    public override void Flush() => throw new NotSupportedException("Nothing here waits for a client.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Nothing here waits for a client.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // A client that is gone may still be written to.
        Captured?.Give(sending.IsCompletedSuccessfully);
        Captured = null;
        base.Dispose(disposing);
    }

    private void Decide()
    {
        if (mode == CaptureMode.Undecided)
        {
            mode = CaptureMode.PassOn;
            mode = decide(this);
        }
    }

    // One sender at a time; what comes meanwhile it finds when it is done with what it has.
    private void SendOn()
    {
        if (sending.IsCompletedSuccessfully)
        {
            sending = Send();
        }
    }

    private async Task Send()
    {
        while (Captured!.From(sent) is { Length: > 0 } piece)
        {
            sent += piece.Length;
            var write = inner.Writer.WriteAsync(piece, gone);
            await (write.IsCompleted ? write.AsTask() : write.AsTask().WaitAsync(takenWithin, gone));
        }
    }
}
