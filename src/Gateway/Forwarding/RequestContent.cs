using System.Net;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// A body as the framework's client wants it, once for each try; without a body, one of no bytes. In HTTP/2 an answer
/// may come, and end, while this is still being sent: who sent it ends it before what is kept of the body goes back.
/// </summary>
internal sealed class RequestContent(RequestBody? body) : HttpContent
{
    private const int Idle = 0;
    private const int Sending = 1;
    private const int Over = 2;

    private readonly CancellationTokenSource? ending = body is null ? null : new();
    private readonly TaskCompletionSource? ended =
        body is null ? null : new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int state;

    /// <summary>The client's body is not all sent yet: it may be the client that is late.</summary>
    public bool IsSending => ended is { Task.IsCompleted: false };

    public static ValueTask End(HttpRequestMessage request) =>
        request.Content is RequestContent sent ? sent.End() : ValueTask.CompletedTask;

    /// <summary>When it returns, nothing reads the body on behalf of this try, and nothing will.</summary>
    public async ValueTask End()
    {
        if (body is null)
        {
            return;
        }

        if (Interlocked.Exchange(ref state, Over) == Sending)
        {
            await ending!.CancelAsync();
            await ended!.Task;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        body is null ? Task.CompletedTask : Send(body, stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = body is null ? 0 : body.Length ?? -1;
        return length >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ending?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task Send(RequestBody whole, Stream stream, CancellationToken cancellation)
    {
        // The framework's client would send it again by itself, past every budget.
        if (Interlocked.CompareExchange(ref state, Sending, Idle) != Idle)
        {
            throw new IOException("This try has sent its body, or is over.");
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending!.Token);
            await whole.CopyTo(stream, either.Token);
        }
        finally
        {
            ended!.SetResult();
        }
    }
}
