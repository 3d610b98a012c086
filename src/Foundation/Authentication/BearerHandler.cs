using System.Text.Encodings.Web;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Foundation.Authentication;

/// <summary>Reads <c>Authorization: Bearer</c>, and answers 401 and 403 as RFC 6750 and RFC 9457 ask.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory log,
    UrlEncoder encoder,
    TokenVerifier verifier,
    ISessionChecks sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private const string Prefix = BearerAuthentication.Scheme + " ";
    private static readonly TimeSpan KeysRetry = TimeSpan.FromSeconds(2);
    private static readonly AuthenticateResult Bad = AuthenticateResult.Fail("The access token is not valid.");

    /// <summary>What is said of a token that is not good.</summary>
    public static Problem Invalid(HttpResponse response)
    {
        response.Headers[HeaderNames.WWWAuthenticate] = "Bearer error=\"invalid_token\"";
        return new Problem(ProblemCodes.InvalidToken, "It is expired or not one of ours. Sign in again.");
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0 || header[0]?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) != true)
        {
            return AuthenticateResult.NoResult();
        }

        if (header.Count > 1)
        {
            return Bad;
        }

        try
        {
            var token = header[0]![Prefix.Length..];
            var verified = await verifier.Verify(token, Context.RequestAborted);
            return verified is not null && await IsInSession(verified, token) ? verified : Bad;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException &&
            !Context.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(
                ProblemCodes.Unavailable, "The token could not be checked at the moment.")
            {
                RetryAfter = KeysRetry,
            });
        }
    }

    // Where nobody has to sign in it does not matter, and must not fail for want of a database. What asks for a
    // permission asks what the account may do now.
    private ValueTask<bool> IsInSession(AuthenticateResult verified, string token)
    {
        var metadata = Context.GetEndpoint()?.Metadata;
        var required = metadata?.GetOrderedMetadata<IAuthorizeData>() ?? [];
        var atOnce = metadata?.GetMetadata<CheckedAtOnce>() is not null;
        foreach (var data in required)
        {
            atOnce |= data.Policy is not null;
        }

        return required.Count > 0 || metadata?.GetMetadata<OptionalToken>() is not null
            ? sessions.IsGood(verified.Principal!.Caller(), token, atOnce, Context.RequestAborted)
            : ValueTask.FromResult(true);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var sent = await HandleAuthenticateOnceSafeAsync();
        await ProblemDocument.Write(Context, sent.Failure is null
            ? new Problem(ProblemCodes.Unauthenticated, "Send 'Authorization: Bearer' and an access token.")
            : Invalid(Response));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemDocument.Write(Context, new Problem(ProblemCodes.Forbidden, "This needs a role that you do not have."));
}
