using System.CommandLine;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Kernel;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse user create</c>.</summary>
internal static class UserCommand
{
    public static Command Create(SettingOptions settings)
    {
        var email = new Option<string>("--email")
        {
            Description = "The account's e-mail address.",
            HelpName = "address",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description = "What the account may do.",
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(r => r.ToName())]);
        var name = new Option<string?>("--name")
        {
            Description = "What to call the person.",
            HelpName = "text",
        };

        var create = new Command(
            "create",
            $"Make an account. The password is asked for, or read from {PasswordPrompt.Variable}, " +
            "or from standard input when that is no terminal.")
        {
            email,
            role,
            name,
        };
        create.SetAction((line, cancellation) => Make(
            settings.LoadSound(line),
            line.GetRequiredValue(email),
            RoleNames.Parse(line.GetRequiredValue(role)),
            line.GetValue(name),
            cancellation));
        return new Command("user", "Manage accounts.") { create };
    }

    private static async Task<int> Make(
        Settings settings, string email, Role role, string? name, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        var accounts = services.GetService<IAccounts>()
            ?? throw new StartupException(
                "Accounts belong to the identity module, which GATEHOUSE_MODULES leaves out.");
        var password = PasswordPrompt.Read();
        await DatabaseSteps.Attempt(async () =>
        {
            await DatabaseSteps.Prepare(services, cancellation);
            var made = await accounts.Create(email, password, name, role, cancellation);
            if (made.Failed(out var problem))
            {
                throw new StartupException(Explain(problem));
            }

            Console.WriteLine($"{made.Value.Id} {made.Value.Email} {made.Value.Role.ToName()}");
        });
        return CommandRun.Fine;
    }

    private static string Explain(Problem problem) => problem.Errors.Count == 0
        ? problem.Detail
        : string.Join('\n', problem.Errors.SelectMany(e => e.Value.Select(message => $"{e.Key}: {message}")));
}
