using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// A new connection that ends before it answered once is a failure, not an idle connection that was closed just then:
/// the framework's client would silently send a request without a body three times more, past every budget.
/// An answer may come before the request was taken whole, such as 413, and the connection close: what is still to be
/// sent is dropped then, and the answer read. Where there is none, reading fails as sending did.
/// </summary>
internal sealed class FirstAnswerStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private bool hasAnswered;
    private bool isCut;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isCut)
        {
            return ValueTask.CompletedTask;
        }

        var write = base.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully ? write : Write(write);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        hasAnswered || buffer.IsEmpty
            ? base.ReadAsync(buffer, cancellationToken)
            : ReadFirst(buffer, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Write(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (IOException)
        {
            isCut = true;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadFirst(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await base.ReadAsync(buffer, cancellation);
        hasAnswered = read > 0;
        return hasAnswered ? read : throw new IOException("The connection ended before its first answer.");
    }
}
