namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// Lets the thread that notices that a socket is ready go on with what waited for it, instead of waking another one.
/// For a process that only passes on: nothing in it may block, or every socket of that thread waits.
/// </summary>
internal static class InlineSockets
{
    // The framework reads it when the first socket is used, and offers no other way to say it.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Before any socket is used; what the environment says stays.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
