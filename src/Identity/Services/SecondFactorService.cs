using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using QRCoder;

namespace Gatehouse.Identity.Services;

internal sealed class SecondFactorService(
    IUserRepository users,
    ISecondFactorRepository factors,
    SecondFactorCheck check,
    RecentSignIn recent,
    IdentityOptions options,
    TimeProvider time) : ISecondFactors
{
    private const int PixelsPerModule = 6;

    public async Task<SecondFactorView> Find(UserId user, CancellationToken cancellation) =>
        await factors.Find(user, cancellation) is { ConfirmedAt: { } since }
            ? new SecondFactorView(Enabled: true, since, await factors.RecoveryCodesLeft(user, cancellation))
            : new SecondFactorView(Enabled: false, EnabledAt: null, RecoveryCodesLeft: 0);

    public async Task<Result<SecondFactorSecret>> Begin(Caller caller, CancellationToken cancellation)
    {
        if (await recent.Refusal(caller.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        var user = await Owner(caller.User, cancellation);
        var secret = Totp.NewSecret();
        var begun = await factors.Begin(user.Id, check.Seal(user.Id, secret), time.Now(), cancellation);
        return begun ? Show(user, secret) : IdentityProblems.SecondFactorEnabled;
    }

    public async Task<Result<RecoveryCodes>> Confirm(
        Caller caller, SecondFactorCode code, CancellationToken cancellation)
    {
        if (await recent.Refusal(caller.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (await factors.Find(caller.User, cancellation) is not { ConfirmedAt: null } begun)
        {
            return NothingToConfirm;
        }

        var faults = new Faults();
        var step = check.Match(begun, code.Code);
        if (!faults.Require(
            step is not null, "code", "is not what the app shows now (is the clock of the phone right?)"))
        {
            return faults.ToProblem();
        }

        var user = await Owner(caller.User, cancellation);
        var codes = NewCodes();
        var notice = user.Notice(SecurityNotice.SecondFactorEnabled, time.Now());
        return await factors.Confirm(begun, step!.Value, codes, caller.Session, notice, cancellation)
            ? Show(codes)
            : NothingToConfirm;
    }

    public async Task<Problem?> Disable(Caller caller, CancellationToken cancellation)
    {
        if (await recent.Refusal(caller.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        var user = await Owner(caller.User, cancellation);
        await factors.Disable(user.Notice(SecurityNotice.SecondFactorDisabled, time.Now()), cancellation);
        return null;
    }

    public async Task<Result<RecoveryCodes>> RenewRecoveryCodes(Caller caller, CancellationToken cancellation)
    {
        if (await recent.Refusal(caller.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        var user = await Owner(caller.User, cancellation);
        var codes = NewCodes();
        var notice = user.Notice(SecurityNotice.RecoveryCodesRenewed, time.Now());
        return await factors.Renew(codes, notice, cancellation)
            ? Show(codes)
            : new Problem(ProblemCodes.WrongState, "There is no second factor. Begin with POST /auth/second-factor.");
    }

    public async Task<Problem?> Reset(Caller administrator, UserId user, CancellationToken cancellation)
    {
        if (await recent.Refusal(administrator.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (await users.Find(user, cancellation) is not { } found)
        {
            return Problem.NotFound("user");
        }

        await factors.Disable(found.Notice(SecurityNotice.SecondFactorDisabled, time.Now()), cancellation);
        return null;
    }

    private static Problem NothingToConfirm => new(
        ProblemCodes.WrongState,
        "There is no secret that waits for its first code. Begin with POST /auth/second-factor.");

    private static List<RecoveryCode> NewCodes() =>
        [.. Enumerable.Range(0, RecoveryCode.PerAccount).Select(_ => RecoveryCode.New())];

    private static RecoveryCodes Show(List<RecoveryCode> codes) => new() { Codes = [.. codes.Select(c => c.Text)] };

    private SecondFactorSecret Show(User user, byte[] secret)
    {
        var text = Totp.ToBase32(secret);
        var issuer = Uri.EscapeDataString(options.AuthenticatorName);
        var uri = $"otpauth://totp/{issuer}:{Uri.EscapeDataString(user.Email)}?secret={text}&issuer={issuer}";
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var image = new PngByteQRCode(code);
        var png = Convert.ToBase64String(image.GetGraphic(PixelsPerModule));
        return new SecondFactorSecret { Secret = text, Uri = uri, QrCode = $"data:image/png;base64,{png}" };
    }

    // Accounts are disabled, not deleted, and the caller's token was checked.
    private async Task<User> Owner(UserId user, CancellationToken cancellation) =>
        await users.Find(user, cancellation) ?? throw new InvalidOperationException("The caller has no account.");
}
