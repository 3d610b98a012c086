using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Finds out whether somebody has the address that a link was asked for, and has it mailed.</summary>
internal sealed class LinkWishService(
    IUserRepository users, IAccountLinkRepository links, MailedLinks mailed, TimeProvider time)
{
    public async Task Fulfil(LinkWish wish, CancellationToken cancellation)
    {
        if (EmailAddress.ParseOrNull(wish.Email) is not { } email ||
            await users.Find(email, cancellation) is not { DisabledAt: null } user)
        {
            return;
        }

        if (wish.Purpose == LinkPurpose.ResetPassword || user.EmailVerifiedAt is null)
        {
            await links.Add(mailed.New(user, wish.Purpose, user.Email, time.Now()), cancellation);
        }
    }
}
