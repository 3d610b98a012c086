using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Modules;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

/// <summary>
/// What must be there before the first request: a key to sign with, and the first administrator where the settings
/// name one. Two instances may do it at once; the database lets one succeed.
/// </summary>
internal sealed partial class FirstStart(
    SigningKeyService keys,
    IAccounts accounts,
    ChosenPasswords passwords,
    AdminOptions admin,
    IdentityOptions options,
    ILogger<FirstStart> log)
    : IHostedService, IStartCheck
{
    public string Module => IdentityModule.Key;

    public string Subject => "first administrator";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.Signer(cancellationToken);
        if (admin is { Email: { } email, Password: { } password })
        {
            await MakeAdministrator(email, password, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation)
    {
        if (admin is not { Email: { } email, Password: { } password } ||
            (readable && await accounts.Find(email, cancellation) is not null))
        {
            return [];
        }

        var faults = new Faults();
        EmailAddress.Parse(email, faults);
        if (Password.Choose(password, options.PasswordMin, faults) is { } chosen &&
            Weakness(chosen, email) is { } fault)
        {
            faults.Add("password", fault);
        }

        return faults.Any ? [Explain(faults.ToProblem())] : [];
    }

    private string? Weakness(Password password, string email)
    {
        try
        {
            return passwords.Fault(password, email, name: null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Lists that cannot be read are a fault of their own, which another check names.
            return null;
        }
    }

    private async Task MakeAdministrator(string email, string password, CancellationToken cancellation)
    {
        var found = await accounts.Find(email, cancellation);
        if (found is null)
        {
            var made = await accounts.Create(email, password, name: null, Role.Admin, cancellation);
            if (!made.Failed(out var problem))
            {
                LogMade(made.Value.Id);
                return;
            }

            if (problem.Code != IdentityProblems.EmailTakenCode)
            {
                throw new StartupException($"The first administrator cannot be made: {Explain(problem)}");
            }

            // Another instance, or somebody who registered, was faster.
            found = await accounts.Find(email, cancellation);
        }

        if (found is { Role: not Role.Admin })
        {
            LogNotMade(found.Id, found.Role);
        }
    }

    private static string Explain(Problem problem) => problem.Errors.Count == 0
        ? problem.Detail
        : string.Join("; ", problem.Errors.Select(
            e => $"GATEHOUSE_ADMIN__{e.Key.ToUpperInvariant()} {string.Join(", ", e.Value)}"));

    [LoggerMessage(3005, LogLevel.Information, "First administrator made: user {UserId}")]
    private partial void LogMade(Guid userId);

    [LoggerMessage(3006, LogLevel.Warning,
        "No administrator was made: the account of GATEHOUSE_ADMIN__EMAIL, user {UserId}, was there already with " +
        "role {Role}; give another address")]
    private partial void LogNotMade(Guid userId, Role role);
}
