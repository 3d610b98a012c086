using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Passwords that somebody wants to have from now on: refused when they are common, breached or easy to guess, else
/// hashed. Judging takes a core for up to 60 ms, so it waits in the gate of hashing with the hash that follows it.
/// </summary>
internal sealed partial class ChosenPasswords(
    PasswordService passwords,
    CommonPasswords common,
    BreachedPasswords breached,
    PasswordStrength strength,
    ILogger<ChosenPasswords> log)
{
    private const int WordCharactersMin = 3;
    private const string Program = "gatehouse";

    /// <summary>The hash; <c>validation_failed</c> on the field, with a hint; or <c>busy</c>.</summary>
    /// <param name="password">Of a length and of characters that may be chosen.</param>
    /// <param name="email">Of the account: the first thing a stranger tries.</param>
    /// <param name="name">Of the account.</param>
    /// <param name="field">What the password is called in the request.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Result<string>> Hash(
        Password password, string email, string? name, string field, CancellationToken cancellation) =>
        passwords.Hash(password, () => Refusal(password, email, name, field), cancellation);

    /// <summary>Why it may not be chosen, or null.</summary>
    public string? Fault(Password password, string email, string? name)
    {
        if (common.Contains(password.Text))
        {
            return "is one of the most common passwords; a few uncommon words make a good one";
        }

        return breached.Contains(password.Text)
            ? "was found in a breach of another site; take one that you have used nowhere else"
            : strength.Fault(password.Text, Known(email, name));
    }

    private Problem? Refusal(Password password, string email, string? name, string field)
    {
        try
        {
            var faults = new Faults();
            return Fault(password, email, name) is { } fault && !faults.Require(false, field, fault)
                ? faults.ToProblem()
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Who asked for the list wants no password that nobody could look up.
            LogUnreadable(unreadable);
            return new Problem(ProblemCodes.Unavailable, "New passwords cannot be checked at the moment.");
        }
    }

    private static IReadOnlyList<string> Known(string email, string? name) =>
    [
        .. $"{email} {name} {Program}".Split([' ', '@', '.', '-', '_', '+'])
            .Append(email)
            .Append(email.Split('@')[0])
            .Where(word => word.Length >= WordCharactersMin)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    [LoggerMessage(3040, LogLevel.Error, "The lists of breached passwords cannot be read; no password can be chosen")]
    private partial void LogUnreadable(Exception unreadable);
}
