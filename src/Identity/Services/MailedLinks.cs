using System.Text;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Makes links and the events that have them mailed; the token is sealed for the one event.</summary>
internal sealed class MailedLinks(SecretBox box)
{
    /// <param name="user">Whose.</param>
    /// <param name="purpose">What it does.</param>
    /// <param name="email">Where it goes.</param>
    /// <param name="now">When it is made.</param>
    public MailedLink New(User user, LinkPurpose purpose, string email, DateTimeOffset now)
    {
        var link = new AccountLink(LinkToken.New(), user.Id, purpose, email, now);
        var id = Ids.New(now);
        var token = box.Seal(AccountTokens.Purpose(id), Encoding.UTF8.GetBytes(link.Token.Text));
        IntegrationEvent mail = purpose == LinkPurpose.ResetPassword
            ? new PasswordResetRequestedEvent(
                id, now, user.Id.Value, email, user.Name, user.Language, token, link.ExpiresAt)
            : new VerificationRequestedEvent(
                id, now, user.Id.Value, email, user.Name, user.Language, token, link.ExpiresAt);
        return new MailedLink(link, mail);
    }
}
