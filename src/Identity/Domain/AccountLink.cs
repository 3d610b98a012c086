using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// A link that was mailed: whoever opens it has the mailbox. Good once, for one purpose, and only while the account is
/// what it was: it dies with the address it is bound to.
/// </summary>
/// <param name="Token">What the link carries.</param>
/// <param name="User">The account.</param>
/// <param name="Purpose">What it does.</param>
/// <param name="Email">Where it is mailed: what it confirms, or changes to.</param>
internal sealed record AccountLink(
    LinkToken Token, UserId User, LinkPurpose Purpose, string Email, DateTimeOffset CreatedAt)
{
    /// <summary>Where a change of address was asked for: the link is good while that goes on.</summary>
    public SessionId? Session { get; init; }

    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromHours(24);
    private static readonly TimeSpan ResetWithin = TimeSpan.FromMinutes(15);

    public DateTimeOffset ExpiresAt =>
        CreatedAt + (Purpose == LinkPurpose.ResetPassword ? ResetWithin : ConfirmWithin);
}

internal enum LinkPurpose
{
    /// <summary>Shows that the account's address is its owner's.</summary>
    VerifyEmail,

    /// <summary>Shows the same of another address, which becomes the account's.</summary>
    ChangeEmail,

    ResetPassword,
}

internal static class LinkPurposeNames
{
    public static string ToName(this LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.VerifyEmail => "verify_email",
        LinkPurpose.ChangeEmail => "change_email",
        LinkPurpose.ResetPassword => "reset_password",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "There is no such purpose."),
    };

    public static LinkPurpose Parse(string name) =>
        Enum.GetValues<LinkPurpose>().Single(purpose => purpose.ToName() == name);
}

/// <summary>256 random bits. Only the hash is kept: a stolen database opens no account.</summary>
internal sealed record LinkToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    private LinkToken(string text) => Text = text;

    public string Text { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static LinkToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Null for what we never made.</summary>
    public static LinkToken? ParseOrNull(string? text) =>
        text is { Length: Characters } && Base64Url.IsValid(text) ? new LinkToken(text) : null;

    public override string ToString() => nameof(LinkToken);
}
