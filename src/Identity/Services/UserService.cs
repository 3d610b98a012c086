using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class UserService(
    IManagedUserRepository managed,
    IUserRepository users,
    RecentSignIn recentSignIn,
    SessionCache cache,
    TimeProvider time,
    ILogger<UserService> log) : IUsers
{
    public Task<Page<UserView>> List(UserFilter filter, PageRequest page, CancellationToken cancellation) =>
        managed.List(filter, page, cancellation);

    public async Task<Result<UserView>> Get(UserId user, CancellationToken cancellation) =>
        await users.Find(user, cancellation) is { } found ? found.ToManaged() : Problem.NotFound("user");

    public async Task<Result<UserView>> Change(
        Caller? by, UserId user, ChangeUser change, CancellationToken cancellation)
    {
        var faults = new Faults();
        var wanted = change.ToDomain(faults);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        if (by is not null && await recentSignIn.Refusal(by.Session, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (await managed.Change(user, wanted, time.Now(), cancellation) is not { } outcome)
        {
            return Problem.NotFound("user");
        }

        if (outcome.Failed(out var problem))
        {
            return problem;
        }

        await cache.Forget(user);
        LogChanged(user, outcome.Value.Role, outcome.Value.DisabledAt is not null);
        return outcome.Value.ToManaged();
    }

    public async Task<Result<Done>> EndSessions(UserId user, CancellationToken cancellation)
    {
        if (!await managed.EndSessions(user, time.Now(), cancellation))
        {
            return Problem.NotFound("user");
        }

        await cache.Forget(user);
        return new Done();
    }

    [LoggerMessage(3026, LogLevel.Information, "User {UserId} is {Role} now, disabled {Disabled}")]
    private partial void LogChanged(UserId userId, Role role, bool disabled);
}

internal sealed class ChangeUserRules : IRequestRules<ChangeUser>
{
    public void Check(ChangeUser request, Faults faults) => request.ToDomain(faults);
}

internal static class ManagedUsers
{
    public static AccountChange ToDomain(this ChangeUser change, Faults faults)
    {
        var role = Role.User;
        faults.Require(
            !change.Role.IsGiven || RoleNames.TryParse(change.Role.Given, out role),
            "role",
            "must be user, organizer or admin");
        faults.Require(
            !change.Disabled.IsGiven || change.Disabled.Given is not null, "disabled", "must be true or false");
        return new AccountChange(
            change.Role.IsGiven ? role : null, change.Disabled.IsGiven ? change.Disabled.Given : null);
    }

    public static UserView ToManaged(this User user) => new()
    {
        Id = user.Id.Value,
        Email = user.Email,
        Name = user.Name,
        Role = user.Role,
        CreatedAt = user.CreatedAt,
        EmailVerifiedAt = user.EmailVerifiedAt,
        DisabledAt = user.DisabledAt,
    };
}
