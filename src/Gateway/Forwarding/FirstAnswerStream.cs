using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// A new connection that ends before it answered once is a failure, not an idle connection that was closed just then:
/// the framework's client would silently send a request without a body three times more, past every budget.
/// </summary>
internal sealed class FirstAnswerStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private bool hasAnswered;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        hasAnswered || buffer.IsEmpty
            ? base.ReadAsync(buffer, cancellationToken)
            : ReadFirst(buffer, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadFirst(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await base.ReadAsync(buffer, cancellation);
        hasAnswered = read > 0;
        return hasAnswered ? read : throw new IOException("The connection ended before its first answer.");
    }
}
