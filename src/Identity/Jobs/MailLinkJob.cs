using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Jobs;

/// <summary>
/// Finds out whether somebody has the address that a link was asked for, and has it mailed. Done twice, two links are
/// mailed, and either is good.
/// </summary>
internal sealed class MailLinkJob(
    IUserRepository users, IAccountLinkRepository links, MailedLinks mailed, TimeProvider time) : IJob
{
    public string Kind => LinkWish.JobKind;

    public string Module => IdentityModule.Key;

    public JobPolicy Policy { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public async Task Run(JobRun run, CancellationToken cancellation)
    {
        var wish = LinkWish.Parse(run.Payload);
        var user = EmailAddress.ParseOrNull(wish.Email) is { } email ? await users.Find(email, cancellation) : null;
        var isWanted = user is { DisabledAt: null } &&
            (wish.Purpose == LinkPurpose.ResetPassword || user.EmailVerifiedAt is null);
        if (isWanted)
        {
            await links.Add(mailed.New(user!, wish.Purpose, user!.Email, time.Now()), cancellation);
        }
    }
}
