using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Identity.Services;

/// <summary>
/// What must be there before the first request: a key to sign with, and the first administrator where the settings
/// name one. Two instances may do it at once; the database lets one succeed.
/// </summary>
internal sealed class FirstStart(SigningKeyService keys, IAccounts accounts, AdminOptions admin) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.Signer(cancellationToken);
        if (admin is { Email: { } email, Password: { } password } &&
            await accounts.Find(email, cancellationToken) is null)
        {
            var made = await accounts.Create(email, password, name: null, Role.Admin, cancellationToken);
            if (made.Failed(out var problem) && problem.Code != IdentityProblems.EmailTakenCode)
            {
                throw new StartupException(
                    $"The first administrator (GATEHOUSE_ADMIN__…) cannot be made: {problem.Detail}");
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
