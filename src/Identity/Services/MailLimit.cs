using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// How often one address may be registered or be asked a link for, whoever asks and whether or not it has an account: a
/// stranger can fill nobody's mailbox.
/// </summary>
/// <param name="limits">Null at the command line, where nobody is counted.</param>
internal sealed class MailLimit(RateLimits? limits = null)
{
    public const string Name = "account-mail";

    public static LimitPolicy Policy(IdentityOptions options) =>
        new(Name, LimitBy.Key, LimitAlgorithm.SlidingWindow, options.MailsPerHour, TimeSpan.FromHours(1));

    /// <summary><c>rate_limited</c>, or null when it may be done.</summary>
    public async Task<Problem?> Refusal(EmailAddress email, MailCause cause, CancellationToken cancellation) =>
        limits is not null &&
        await limits.Spend(Name, $"{cause} {email.Text}", cancellation) is { Allowed: false } refused
            ? refused.ToProblem()
            : null;
}

/// <summary>
/// Each is counted apart: who registers an address over and over must not keep its owner from choosing another
/// password.
/// </summary>
internal enum MailCause
{
    Registration,
    Verification,
    Reset,
    Change,
}
