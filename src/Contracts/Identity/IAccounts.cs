using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>Who may sign in. An account is one normalised e-mail address, and has one role.</summary>
public interface IAccounts
{
    /// <summary>
    /// Makes an account of role <see cref="Role.User"/> unless the address has one. The answer and the time it takes
    /// are the same in both cases, so that nobody learns who has an account.
    /// Problems: <c>validation_failed</c> with every field at fault; <c>busy</c> when too many passwords wait to be
    /// hashed.
    /// </summary>
    Task<Result<RegistrationReceipt>> Register(RegisterRequest request, CancellationToken cancellation);

    /// <summary>
    /// Makes an account of any role; for administrators and the command line, who may know whether it exists.
    /// Problems: <c>validation_failed</c>; <c>email_taken</c>; <c>busy</c>.
    /// </summary>
    Task<Result<AccountView>> Create(
        string email, string password, string? name, Role role, CancellationToken cancellation);

    /// <summary>The account of an address in any spelling, or null; a text that is no address has none.</summary>
    Task<AccountView?> Find(string email, CancellationToken cancellation);

    /// <summary>The account, or null when there is none or it is disabled.</summary>
    Task<AccountView?> Find(UserId user, CancellationToken cancellation);
}

/// <summary>A wish to have an account.</summary>
public sealed record RegisterRequest
{
    /// <summary>
    /// At most 254 characters; compared without regard to case, international hosts in their ASCII form.
    /// </summary>
    public string? Email { get; init; }

    /// <summary>8 to 128 characters of any kind except U+0000; never trimmed.</summary>
    public string? Password { get; init; }

    /// <summary>What to call the person, 1 to 100 characters; optional.</summary>
    public string? Name { get; init; }

    // A record prints its members; a password must not reach a log that way.
    public override string ToString() => nameof(RegisterRequest);
}

/// <summary>What every registration is answered with, whether or not the address was free.</summary>
/// <param name="Email">The address as it is kept.</param>
public sealed record RegistrationReceipt(string Email);

/// <summary>An account as others may see it.</summary>
public sealed record AccountView
{
    public required Guid Id { get; init; }

    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary><c>user</c>, <c>organizer</c> or <c>admin</c>.</summary>
    [JsonConverter(typeof(RoleJsonConverter))]
    public required Role Role { get; init; }
}
