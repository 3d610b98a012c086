using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class PasswordResetService(
    IAccountLinkRepository links,
    ChosenPasswords passwords,
    SessionCache sessions,
    MailLimit mails,
    IdentityOptions options,
    TimeProvider time,
    ILogger<PasswordResetService> log) : IPasswordReset
{
    private const string Field = "newPassword";

    public Task<Result<LinkReceipt>> Request(EmailRequest request, CancellationToken cancellation) =>
        links.Ask(mails, MailCause.Reset, request, LinkPurpose.ResetPassword, time.Now(), cancellation);

    public async Task<Result<KnownDevice>> Reset(ResetPasswordRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(!string.IsNullOrEmpty(request.Token), "token", "is required");
        var password = Password.Choose(request.NewPassword, options.PasswordMin, faults, Field);
        if (password is null || faults.Any)
        {
            return faults.ToProblem();
        }

        // The link is looked at first, so that a stranger has nothing hashed, and spent last, so that a password that
        // is refused does not cost it.
        if (LinkToken.ParseOrNull(request.Token) is not { } token ||
            await links.Holder(token, LinkPurpose.ResetPassword, time.Now(), cancellation) is not { } holder)
        {
            return IdentityProblems.InvalidLink;
        }

        var hash = await passwords.Hash(password, holder.Email, holder.Name, Field, cancellation);
        if (hash.Failed(out var refusal))
        {
            return refusal;
        }

        // Strangers who use up the guesses of the account do not keep out who comes from the mail.
        var device = DeviceToken.New();
        if (await links.Reset(token, hash.Value, device, time.Now(), cancellation) is not { } user)
        {
            return IdentityProblems.InvalidLink;
        }

        await sessions.Forget(user);
        LogReset(user);
        return new KnownDevice { DeviceToken = device.Text };
    }

    [LoggerMessage(3042, LogLevel.Information, "Password of user {UserId} reset by a mailed link; every session ended")]
    private partial void LogReset(UserId userId);
}
