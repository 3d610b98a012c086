using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class OwnAccountService(
    IUserRepository users,
    IOwnAccountRepository accounts,
    IAccountLinkRepository links,
    MailedLinks mailed,
    MailLimit mails,
    PasswordService passwords,
    ChosenPasswords chosen,
    RecentSignIn recent,
    SessionCache sessions,
    GuessLimits guesses,
    IdentityOptions options,
    TimeProvider time,
    ILogger<OwnAccountService> log) : IOwnAccount
{
    private static readonly Problem Gone = new(ProblemCodes.InvalidToken, "The account is gone or disabled.");

    public async Task<OwnAccountView?> Find(UserId user, CancellationToken cancellation) =>
        await users.Find(user, cancellation) is { DisabledAt: null } found ? found.ToOwnView() : null;

    public async Task<Result<OwnAccountView>> Update(
        Caller caller, UpdateOwnAccount request, CancellationToken cancellation)
    {
        var faults = new Faults();
        var change = ProfileChange.Parse(request, faults);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var user = await accounts.Update(caller.User, change.Apply, time.Now(), cancellation);
        return user is null ? Gone : user.ToOwnView();
    }

    public async Task<Result<LinkReceipt>> ChangeEmail(
        Caller caller, EmailRequest request, CancellationToken cancellation)
    {
        if (await recent.Refusal(caller.Session, cancellation) is { } old)
        {
            return old;
        }

        if (await users.Find(caller.User, cancellation) is not { DisabledAt: null } user)
        {
            return Gone;
        }

        var faults = new Faults();
        var email = EmailAddress.Parse(request.Email, faults);
        faults.Require(email?.Text != user.Email, "email", "is the address of this account already");
        if (email is null || faults.Any)
        {
            return faults.ToProblem();
        }

        if (await mails.Refusal(email, MailCause.Change, cancellation) is { } refusal)
        {
            return refusal;
        }

        var link = mailed.New(user, LinkPurpose.ChangeEmail, email.Text, time.Now());
        await links.AddChange(link, caller.Session, cancellation);
        return new LinkReceipt(email.Text);
    }

    public async Task<Problem?> ChangePassword(
        Caller caller, ChangePasswordRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        var current = Password.Typed(request.CurrentPassword, faults, "currentPassword");
        var next = Password.Choose(request.NewPassword, options.PasswordMin, faults, "newPassword");
        if (current is null || next is null)
        {
            return faults.ToProblem();
        }

        if (await users.Find(caller.User, cancellation) is not { DisabledAt: null } user)
        {
            return Gone;
        }

        await using var guess = await guesses.Reauthenticate(user, cancellation);
        if (guess.Refusal is { } refusal)
        {
            return refusal;
        }

        var verdict = await passwords.Verify(current, user.PasswordHash, cancellation);
        if (verdict.Failed(out var busy))
        {
            return busy;
        }

        if (!faults.Require(verdict.Value != PasswordVerdict.Wrong, "currentPassword", "is not the current password"))
        {
            guess.Wrong();
            await accounts.Refuse(user.Id, cancellation);
            return faults.ToProblem();
        }

        var hash = await chosen.Hash(next, user.Email, user.Name, "newPassword", cancellation);
        return hash.Failed(out var weak)
            ? weak
            : await SetPassword(user, hash.Value, caller, request, cancellation);
    }

    private async Task<Problem?> SetPassword(
        User user, string hash, Caller caller, ChangePasswordRequest request, CancellationToken cancellation)
    {
        var endOthers = request.EndOtherSessions ?? true;
        var device = DeviceToken.ParseOrNull(request.DeviceToken);
        if (!await accounts.ChangePassword(user, hash, caller.Session, endOthers, device, time.Now(), cancellation))
        {
            return new Problem(ProblemCodes.Conflict, "The password was changed a moment ago.");
        }

        await sessions.Forget(user.Id);
        LogChanged(user.Id);
        return null;
    }

    [LoggerMessage(3043, LogLevel.Information, "Password of user {UserId} changed")]
    private partial void LogChanged(UserId userId);
}
