using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What of a request decides whether it may be sent again.</summary>
[Flags]
internal enum SendTraits
{
    None = 0,

    /// <summary>By its method: GET, HEAD, OPTIONS, PUT, DELETE (RFC 9110, 9.2.2; TRACE is not forwarded).</summary>
    Idempotent = 1,

    /// <summary>It carries an Idempotency-Key, and the route says that its servers read it.</summary>
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
    /// <param name="retry">The route's own choice of idempotent ones, and whether a key counts.</param>
    public static SendTraits Of(string method, bool hasKey, Retry? retry) =>
        method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" && (retry is null || retry.Methods.Contains(method))
            ? SendTraits.Idempotent
        : hasKey && retry is { Keyed: true } ? SendTraits.Keyed
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

    /// <summary>The same of another cluster, which knows no key that the first one has seen.</summary>
    public static bool MayGiveWay(UpstreamFault fault, SendTraits request) =>
        MayFollow(fault, request & ~SendTraits.Keyed);

    public static bool MayGiveWay(SendTraits request) =>
        request.HasFlag(SendTraits.Replayable) && request.HasFlag(SendTraits.Idempotent);

    private static bool IsSafeTwice(SendTraits request) =>
        request.HasFlag(SendTraits.Idempotent) || request.HasFlag(SendTraits.Keyed);
}
