namespace Gatehouse.Gateway.Forwarding;

/// <summary>What all requests together keep of their bodies at once.</summary>
internal sealed class ReplayMemory(long bytesMax)
{
    private long held;

    public long Held => Volatile.Read(ref held);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= bytesMax)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref held, -bytes);
}
