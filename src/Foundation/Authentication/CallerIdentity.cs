using System.Security.Claims;
using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Authentication;

/// <summary>The identity of a verified token. It holds the caller ready, so that a request parses nothing.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity(
    [
        new Claim("sub", caller.User.ToString()),
        new Claim("role", caller.Role.ToName()),
        new Claim("sid", caller.Session.ToString()),
    ],
    BearerAuthentication.Scheme,
    nameType: "sub",
    roleType: "role")
{
    public Caller Caller { get; } = caller;
}

public static class CallerExtensions
{
    /// <summary>Who calls an endpoint that requires authorization; asking elsewhere is a bug and throws.</summary>
    public static Caller Caller(this ClaimsPrincipal principal) => principal.CallerOrNull()
        ?? throw new InvalidOperationException("This endpoint requires no authorization, so nobody may be there.");

    /// <summary>Who calls, or null when nobody has signed in.</summary>
    public static Caller? CallerOrNull(this ClaimsPrincipal principal) =>
        (principal.Identity as CallerIdentity)?.Caller;
}
