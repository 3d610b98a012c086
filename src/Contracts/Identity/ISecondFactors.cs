using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The second factor of an account: codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 s; the step
/// before and after are good too, each code once), and ten recovery codes for when it is lost. What changes it needs a
/// sign-in of the last 10 minutes in the same session (<c>reauth_required</c>).
/// </summary>
public interface ISecondFactors
{
    /// <summary>Whether it is on, and how many recovery codes are left.</summary>
    Task<SecondFactorView> Find(UserId user, CancellationToken cancellation);

    /// <summary>
    /// A new secret for the app; it counts once <see cref="Confirm"/> has seen a code of it. Once more makes another.
    /// Problems: <c>reauth_required</c>; <c>second_factor_enabled</c> when it is on.
    /// </summary>
    Task<Result<SecondFactorSecret>> Begin(Caller caller, CancellationToken cancellation);

    /// <summary>
    /// Switches it on. Problems: <c>validation_failed</c> when <c>code</c> is not the app's; <c>reauth_required</c>;
    /// <c>wrong_state</c> when <see cref="Begin"/> was not asked, or it is on.
    /// </summary>
    Task<Result<RecoveryCodes>> Confirm(Caller caller, SecondFactorCode code, CancellationToken cancellation);

    /// <summary>Switches it off; does nothing when it is off. Problems: <c>reauth_required</c>.</summary>
    Task<Problem?> Disable(Caller caller, CancellationToken cancellation);

    /// <summary>
    /// Ten new recovery codes in place of the old ones. Problems: <c>reauth_required</c>; <c>wrong_state</c> when it is
    /// off.
    /// </summary>
    Task<Result<RecoveryCodes>> RenewRecoveryCodes(Caller caller, CancellationToken cancellation);

    /// <summary>
    /// Switches it off for someone who lost the app and the codes; for administrators. Problems:
    /// <c>reauth_required</c>; <c>not_found</c>.
    /// </summary>
    Task<Problem?> Reset(Caller administrator, UserId user, CancellationToken cancellation);
}

/// <summary>Whether a second factor is asked for.</summary>
/// <param name="EnabledAt">Since when; absent when it is off.</param>
/// <param name="RecoveryCodesLeft">Of ten.</param>
public sealed record SecondFactorView(bool Enabled, DateTimeOffset? EnabledAt, int RecoveryCodesLeft);

/// <summary>What an authenticator app needs; shown once.</summary>
public sealed record SecondFactorSecret
{
    /// <summary>160 bits in base32, to be typed where no camera is.</summary>
    public required string Secret { get; init; }

    /// <summary><c>otpauth://totp/…</c>, for a link on a phone.</summary>
    public required string Uri { get; init; }

    /// <summary>The same as a QR code: a PNG as a <c>data:</c> URL.</summary>
    public required string QrCode { get; init; }

    public override string ToString() => nameof(SecondFactorSecret);
}

/// <summary>A code an app shows now.</summary>
public sealed record SecondFactorCode
{
    /// <summary>Six digits; spaces do not matter.</summary>
    public string? Code { get; init; }

    public override string ToString() => nameof(SecondFactorCode);
}

/// <summary>Ten codes, each good once in place of the app's; shown once.</summary>
public sealed record RecoveryCodes
{
    public required IReadOnlyList<string> Codes { get; init; }

    public override string ToString() => nameof(RecoveryCodes);
}
