using Gatehouse.Contracts;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Mailed links, and what happens when one is opened: each act is one transaction.</summary>
internal interface IAccountLinkRepository
{
    /// <summary>Keeps a wish for a link, as a job.</summary>
    Task Ask(LinkWish wish, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Keeps a link and publishes its mail, if the account still has that address and is not disabled.
    /// </summary>
    Task<bool> Add(MailedLink link, CancellationToken cancellation);

    /// <summary>
    /// Keeps a link to another address, good while the session goes on, publishes its mail and tells the owner
    /// at the old one. Where the address has an account no link is mailed, and all else is written the same.
    /// </summary>
    Task AddChange(MailedLink link, SessionId session, CancellationToken cancellation);

    /// <summary>The account of a link that could be used now, or null.</summary>
    Task<User?> Holder(LinkToken token, LinkPurpose purpose, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Spends a link that confirms an address, or changes to one while the session that asked goes on. Of two at once
    /// one succeeds; every link of the account that the change makes pointless dies.
    /// </summary>
    Task<Confirmed> Confirm(LinkToken token, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Spends a link for a new password: every session ends, every other link of the account dies, the address counts
    /// as confirmed, and of the devices only the one given is known. Where it was not confirmed before, the second
    /// factor goes. Null when the link is not good any more.
    /// </summary>
    Task<UserId?> Reset(
        LinkToken token,
        string passwordHash,
        DeviceToken device,
        DateTimeOffset now,
        CancellationToken cancellation);

    /// <summary>Deletes, a bounded part a transaction, links that expired before then.</summary>
    Task<long> Prune(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>A link and the integration event that has it mailed.</summary>
internal sealed record MailedLink(AccountLink Link, IntegrationEvent Mail);

internal enum Confirmed
{
    Done,

    /// <summary>The link is unknown, used, too old, or its account has changed.</summary>
    Invalid,

    /// <summary>The address has another account by now.</summary>
    Taken,
}
