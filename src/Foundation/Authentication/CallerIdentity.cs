using System.Security.Claims;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

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

    /// <summary>Expiry of the token, with the allowed skew.</summary>
    public DateTimeOffset GoodUntil { get; init; }
}

public static class CallerExtensions
{
    /// <summary>Who calls an endpoint that requires authorization; asking elsewhere is a bug and throws.</summary>
    public static Caller Caller(this ClaimsPrincipal principal) => principal.CallerOrNull()
        ?? throw new InvalidOperationException("This endpoint requires no authorization, so nobody may be there.");

    /// <summary>Who calls, or null when nobody has signed in.</summary>
    public static Caller? CallerOrNull(this ClaimsPrincipal principal) =>
        (principal.Identity as CallerIdentity)?.Caller;

    /// <summary>
    /// The same, but a token that is not good is refused with 401 <c>invalid_token</c>: where it matters who acts,
    /// somebody whose token has run out must not go on as nobody.
    /// </summary>
    public static async ValueTask<Caller?> SoundCallerOrNull(this HttpContext context)
    {
        if (context.User.CallerOrNull() is { } caller)
        {
            return caller;
        }

        var sent = await context.AuthenticateAsync(BearerAuthentication.Scheme);
        return sent.Failure is null ? null : throw new ProblemException(BearerHandler.Invalid(context.Response));
    }
}
