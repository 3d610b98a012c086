namespace Gatehouse.Gateway.Forwarding;

/// <summary>What of a request decides whether it may be sent again.</summary>
[Flags]
internal enum SendTraits
{
    None = 0,

    /// <summary>By its method: GET, HEAD, OPTIONS, PUT, DELETE (RFC 9110, 9.2.2; TRACE is not forwarded).</summary>
    Idempotent = 1,

    /// <summary>It carries an Idempotency-Key.</summary>
    Keyed = 2,

    /// <summary>Nothing of its body has been taken from the client, or all of it is kept.</summary>
    Replayable = 4,
}

/// <summary>
/// Whether a failed try is worth another: safe for what the request does, whoever has a budget and time left. There is
/// one way for a request that is neither idempotent nor keyed to be sent again: no byte of it was taken.
/// </summary>
internal static class RetryRule
{
    /// <param name="methods">The route's own choice of idempotent ones, where it has made one.</param>
    public static SendTraits Of(string method, bool hasKey, IReadOnlyList<string>? methods = null) =>
        method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" && (methods is null || methods.Contains(method))
            ? SendTraits.Idempotent
        : hasKey ? SendTraits.Keyed
        : SendTraits.None;

    public static bool MayFollow(UpstreamFault fault, SendTraits request) =>
        request.HasFlag(SendTraits.Replayable) && fault switch
        {
            UpstreamFault.NotConnected or UpstreamFault.Refused => true,
            _ => IsSafeTwice(request),
        };

    /// <param name="status">Of the upstream's answer.</param>
    /// <param name="statuses">What the route says is worth another try.</param>
    public static bool MayFollow(int status, IReadOnlyList<int> statuses, SendTraits request)
    {
        if (!request.HasFlag(SendTraits.Replayable) || !IsSafeTwice(request))
        {
            return false;
        }

        for (var i = 0; i < statuses.Count; i++)
        {
            if (statuses[i] == status)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSafeTwice(SendTraits request) =>
        request.HasFlag(SendTraits.Idempotent) || request.HasFlag(SendTraits.Keyed);
}
