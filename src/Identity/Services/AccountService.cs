using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal sealed class AccountService(
    IUserRepository users,
    ChosenPasswords passwords,
    MailedLinks links,
    MailLimit mails,
    IdentityOptions options,
    TimeProvider time) : IAccounts
{
    public async Task<Result<RegistrationReceipt>> Register(RegisterRequest request, CancellationToken cancellation)
    {
        if (EmailAddress.ParseOrNull(request.Email) is { } address &&
            await mails.Refusal(address, MailCause.Registration, cancellation) is { } refusal)
        {
            return refusal;
        }

        var made = await Make(request.Email, request.Password, request.Name, Role.User, cancellation);
        if (made.Failed(out var problem))
        {
            return problem;
        }

        // Whether it was new is nobody's business.
        var user = made.Value;
        var link = links.New(user, LinkPurpose.VerifyEmail, user.Email, user.CreatedAt);
        await users.Add(user, link, cancellation);
        return new RegistrationReceipt(user.Email);
    }

    public async Task<Result<AccountView>> Create(
        string email, string password, string? name, Role role, CancellationToken cancellation)
    {
        var made = await Make(email, password, name, role, cancellation);
        if (made.Failed(out var problem))
        {
            return problem;
        }

        // Who makes accounts for others vouches for their addresses.
        var user = made.Value with { EmailVerifiedAt = made.Value.CreatedAt };
        return await users.Add(user, verification: null, cancellation)
            ? user.ToContract()
            : IdentityProblems.EmailTaken;
    }

    public async Task<AccountView?> Find(string email, CancellationToken cancellation) =>
        EmailAddress.ParseOrNull(email) is { } address ? (await users.Find(address, cancellation))?.ToContract() : null;

    public async Task<AccountView?> Find(UserId user, CancellationToken cancellation) =>
        await users.Find(user, cancellation) is { DisabledAt: null } found ? found.ToContract() : null;

    private async Task<Result<User>> Make(
        string? email, string? password, string? name, Role role, CancellationToken cancellation)
    {
        var faults = new Faults();
        var address = EmailAddress.Parse(email, faults);
        var chosen = Password.Choose(password, options.PasswordMin, faults);
        var called = User.ParseName(name, faults);
        if (address is null || chosen is null || faults.Any)
        {
            return faults.ToProblem();
        }

        var hash = await passwords.Hash(chosen, address.Text, called, "password", cancellation);
        return hash.Map(text => User.Register(address, called, role, text, time.Now()));
    }
}

internal static class AccountViews
{
    public static AccountView ToContract(this User user) =>
        new() { Id = user.Id.Value, Email = user.Email, Name = user.Name, Role = user.Role };
}
