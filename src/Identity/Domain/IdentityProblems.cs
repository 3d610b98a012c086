using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>How identity refuses. None says more than a stranger may know.</summary>
internal static class IdentityProblems
{
    public static readonly ProblemCode InvalidCredentialsCode =
        new("invalid_credentials", 401, "The e-mail address or the password is wrong");

    public static readonly ProblemCode InvalidRefreshTokenCode =
        new("invalid_refresh_token", 401, "The refresh token is not valid");

    public static readonly ProblemCode RefreshReusedCode =
        new("refresh_reused", 401, "The refresh token was used before");

    public static readonly ProblemCode EmailTakenCode =
        new("email_taken", 409, "The e-mail address has an account");

    public static readonly ProblemCode ReauthRequiredCode =
        new("reauth_required", 403, "Show your password again");

    public static readonly ProblemCode SecondFactorRequiredCode =
        new("second_factor_required", 401, "A code of the second factor is needed");

    public static readonly ProblemCode InvalidCodeCode =
        new("invalid_code", 401, "The code is not valid");

    public static readonly ProblemCode SecondFactorEnabledCode =
        new("second_factor_enabled", 409, "The second factor is on");
    public static readonly ProblemCode InvalidLinkCode =
        new("invalid_link", 422, "The link is not valid");

    public static readonly ProblemCode EmailUnverifiedCode =
        new("email_unverified", 403, "The e-mail address is not confirmed");

    public static readonly ProblemCode LastAdminCode =
        new("last_admin", 409, "Nobody would be left to administer");

    // One instance each: the same bytes for every reason.
    public static readonly Problem InvalidCredentials =
        new(InvalidCredentialsCode, "Check the e-mail address and the password.");

    public static readonly Problem InvalidRefreshToken =
        new(InvalidRefreshTokenCode, "The session is over. Sign in again.");

    public static readonly Problem RefreshReused =
        new(RefreshReusedCode, "Someone used this refresh token before, so its session was ended. Sign in again.");

    public static readonly Problem LastAdmin = new(
        LastAdminCode, "It is the only administrator that is not disabled. Make another one first.");

    public static readonly Problem EmailTaken =
        new(EmailTakenCode, "There is an account with this e-mail address.");

    public static readonly Problem ReauthRequired = new(
        ReauthRequiredCode, "This needs a sign-in of the last 10 minutes. Send POST /auth/reauthenticate first.");

    public static readonly Problem SecondFactorRequired = new(
        SecondFactorRequiredCode, "Send it again with code: what the authenticator app shows, or a recovery code.");

    public static readonly Problem InvalidCode = new(
        InvalidCodeCode, "The code is wrong, too old, or was used before. Wait for the next one.");

    public static readonly Problem SecondFactorEnabled = new(
        SecondFactorEnabledCode, "Switch it off before you set up another app.");

    public static readonly Problem InvalidLink =
        new(InvalidLinkCode, "The link is unknown, was used, or is too old. Ask for another.");

    public static readonly Problem EmailUnverified = new(
        EmailUnverifiedCode,
        "Open the link that was mailed to you. Send POST /auth/verify-email/resend for another.");
}
