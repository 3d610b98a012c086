using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// Links that show an e-mail address to be its owner's: one is mailed at each registration, is good once and for 24
/// hours.
/// </summary>
public interface IEmailVerification
{
    /// <summary>
    /// Has another link mailed to an account whose address is not confirmed yet. The answer, the work and so the time
    /// are the same for addresses without an account, confirmed ones and disabled accounts; whether a mail is sent is
    /// decided later. Problems: <c>validation_failed</c>; <c>rate_limited</c> past 5 an hour for one address.
    /// </summary>
    Task<Result<LinkReceipt>> Resend(EmailRequest request, CancellationToken cancellation);

    /// <summary>
    /// Confirms the address a link was mailed to; after <see cref="IOwnAccount.ChangeEmail"/> it becomes the account's,
    /// the old address is told, and every other link of the account dies. Problems: <c>validation_failed</c>;
    /// <c>invalid_link</c>, the same for unknown, used and expired ones; <c>email_taken</c> when somebody registered
    /// the new address meanwhile.
    /// </summary>
    Task<Problem?> Confirm(LinkRequest request, CancellationToken cancellation);
}

/// <summary>Choosing another password without knowing the old one.</summary>
public interface IPasswordReset
{
    /// <summary>
    /// Has a link mailed that is good once and for 15 minutes. The same answer, work and time for every address, as
    /// with <see cref="IEmailVerification.Resend"/>. Problems: <c>validation_failed</c>; <c>rate_limited</c>.
    /// </summary>
    Task<Result<LinkReceipt>> Request(EmailRequest request, CancellationToken cancellation);

    /// <summary>
    /// Sets the password, ends every session, kills every other link of the account, confirms the address and mails its
    /// owner. Every device is forgotten; the answer makes the caller's a known one, so that strangers' guesses do not
    /// stop the next login. A second factor stays and is asked for then, unless the address was not confirmed before:
    /// whoever set it up never showed to be the owner. A password that is refused leaves the link good. Problems:
    /// <c>validation_failed</c>; <c>invalid_link</c>; <c>busy</c>.
    /// </summary>
    Task<Result<KnownDevice>> Reset(ResetPasswordRequest request, CancellationToken cancellation);
}

public sealed record EmailRequest
{
    public string? Email { get; init; }

    public override string ToString() => nameof(EmailRequest);
}

/// <summary>What everyone is answered who asks for a link, whether or not one is mailed.</summary>
/// <param name="Email">The address as it is kept.</param>
public sealed record LinkReceipt(string Email);

/// <summary>The token of a mailed link.</summary>
public sealed record LinkRequest
{
    /// <summary>What follows <c>?token=</c>: 43 characters of base64url.</summary>
    public string? Token { get; init; }

    public override string ToString() => nameof(LinkRequest);
}

public sealed record ResetPasswordRequest
{
    /// <summary>As in <see cref="LinkRequest"/>.</summary>
    public string? Token { get; init; }

    /// <summary>As in <see cref="RegisterRequest"/>.</summary>
    public string? NewPassword { get; init; }

    /// <summary>For browsers: the device token goes into a cookie that no script can read.</summary>
    public bool Cookie { get; init; }

    public override string ToString() => nameof(ResetPasswordRequest);
}

/// <summary>What makes a device known to an account.</summary>
public sealed record KnownDevice
{
    /// <summary>As in <see cref="TokenGrant.DeviceToken"/>. Absent where it is in a cookie.</summary>
    public string? DeviceToken { get; init; }

    public override string ToString() => nameof(KnownDevice);
}
