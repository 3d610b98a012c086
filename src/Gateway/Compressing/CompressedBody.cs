using System.IO.Compression;
using System.IO.Pipelines;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Gateway.Compressing;

/// <summary>
/// Stands in the place of a response's body and makes it smaller on its way, where head and client allow it. A stream
/// of unknown length is sent on piece by piece as it comes.
/// </summary>
internal sealed class CompressedBody(
    HttpContext context, IHttpResponseBodyFeature inner, Coding best, Compression route)
    : Stream, IHttpResponseBodyFeature
{
    private bool isDecided;
    private bool isStreaming;
    private PipeWriter? writer;
    private Stream? encoder;

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

    /// <summary>Writes what is left, where the answer came to its end. One that broke off gets none.</summary>
    public async ValueTask End()
    {
        if (writer is { UnflushedBytes: > 0 })
        {
            await writer.FlushAsync(context.RequestAborted);
        }

        Decide();
        if (encoder is not null)
        {
            await encoder.DisposeAsync();
            encoder = null;
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Decide();
        if (encoder is null)
        {
            await inner.Writer.WriteAsync(buffer, cancellationToken);
        }
        else
        {
            await encoder.WriteAsync(buffer, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        Decide();
        if (encoder is not null)
        {
            if (!isStreaming)
            {
                return;
            }

            await encoder.FlushAsync(cancellationToken);
        }

        await inner.Writer.FlushAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Decide();
        return inner.StartAsync(cancellationToken);
    }

    public async Task CompleteAsync()
    {
        await End();
        await inner.CompleteAsync();
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

    private void Decide()
    {
        if (isDecided)
        {
            return;
        }

        isDecided = true;
        var response = context.Response;
        var isUnchanged = response.StatusCode == StatusCodes.Status304NotModified;
        if (response.HasStarted || !(isUnchanged || CompressionRules.May(context, route)))
        {
            return;
        }

        Vary(response.Headers);
        if (best == Coding.None)
        {
            return;
        }

        // Other bytes than the destination's: the same only in what they mean.
        if (response.Headers.ETag is [['"', ..] strong])
        {
            response.Headers.ETag = "W/" + strong;
        }

        if (!isUnchanged)
        {
            Encode(response);
        }
    }

    private void Encode(HttpResponse response)
    {
        isStreaming = response.ContentLength is null;
        response.ContentLength = null;
        response.Headers.Remove("Accept-Ranges");
        response.Headers.Remove("Content-MD5");
        response.Headers.ContentEncoding = best == Coding.Brotli ? "br" : "gzip";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            encoder = best == Coding.Brotli
                ? new BrotliStream(inner.Stream, CompressionLevel.Optimal, leaveOpen: true)
                : new GZipStream(inner.Stream, CompressionLevel.Fastest, leaveOpen: true);
        }
    }

    private static void Vary(IHeaderDictionary headers)
    {
        foreach (var line in headers.Vary)
        {
            foreach (var name in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (name == "*" || name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase))
                {
                    return;
                }
            }
        }

        headers.Append("Vary", "Accept-Encoding");
    }
}
