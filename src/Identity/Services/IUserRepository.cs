using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface IUserRepository
{
    /// <summary>
    /// Keeps the account and publishes <c>user.registered</c>, unless the address has one; with a link to confirm the
    /// address, has it mailed, or tells the owner of the account that is there. Writes in either case, so that both
    /// take the same time. Answers whether it was kept.
    /// </summary>
    Task<bool> Add(User user, MailedLink? verification, CancellationToken cancellation);

    Task<User?> Find(EmailAddress email, CancellationToken cancellation);

    Task<User?> Find(UserId id, CancellationToken cancellation);

    Task<bool> Any(CancellationToken cancellation);

    /// <summary>Keeps a stronger hash of the same password; false when what is kept has changed meanwhile.</summary>
    Task<bool> Rehash(User user, string passwordHash, CancellationToken cancellation);
}
