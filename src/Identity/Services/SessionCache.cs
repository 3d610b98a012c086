using Gatehouse.Foundation.Caching;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// What this process remembers of sessions, so that not every request asks the database whether its session goes on.
/// Whoever ends one, or changes what an account may do, says so here after the commit.
/// </summary>
internal sealed class SessionCache(ICache cache)
{
    public static string KeyOf(SessionId session) => $"identity.session.1:{session}";

    public static string TagOf(UserId user) => $"user:{user}";

    public ValueTask Forget(SessionId session) => cache.Remove(KeyOf(session));

    public ValueTask Forget(UserId user) => cache.Invalidate(TagOf(user));
}
