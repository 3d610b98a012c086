using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class EmailVerificationService(
    IAccountLinkRepository links, MailLimit mails, TimeProvider time, ILogger<EmailVerificationService> log)
    : IEmailVerification
{
    public Task<Result<LinkReceipt>> Resend(EmailRequest request, CancellationToken cancellation) =>
        links.Ask(mails, MailCause.Verification, request, LinkPurpose.VerifyEmail, time.Now(), cancellation);

    public async Task<Problem?> Confirm(LinkRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (!faults.Require(!string.IsNullOrEmpty(request.Token), "token", "is required"))
        {
            return faults.ToProblem();
        }

        var confirmed = LinkToken.ParseOrNull(request.Token) is { } token
            ? await links.Confirm(token, time.Now(), cancellation)
            : Confirmed.Invalid;
        LogOpened(confirmed);
        return confirmed switch
        {
            Confirmed.Done => null,
            Confirmed.Taken => IdentityProblems.EmailTaken,
            _ => IdentityProblems.InvalidLink,
        };
    }

    [LoggerMessage(3041, LogLevel.Information, "Link to confirm an e-mail address opened: {Outcome}")]
    private partial void LogOpened(Confirmed outcome);
}

internal static class LinkRequests
{
    /// <summary>Has somebody asked for a link: the same work whoever has the address.</summary>
    public static async Task<Result<LinkReceipt>> Ask(
        this IAccountLinkRepository links,
        MailLimit mails,
        MailCause cause,
        EmailRequest request,
        LinkPurpose purpose,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var faults = new Faults();
        if (EmailAddress.Parse(request.Email, faults) is not { } email)
        {
            return faults.ToProblem();
        }

        if (await mails.Refusal(email, cause, cancellation) is { } refusal)
        {
            return refusal;
        }

        await links.Ask(new LinkWish(email.Text, purpose), now, cancellation);
        return new LinkReceipt(email.Text);
    }
}
