using System.CommandLine;
using System.Globalization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Kernel;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse user create|list|role|disable|enable</c>.</summary>
internal static class UserCommand
{
    public static Command Create(SettingOptions settings) => new("user", "Manage accounts.")
    {
        Make(settings),
        List(settings),
        Change(settings, "role", "Give an account another role.", Role(), role => new ChangeUser { Role = role }),
        Change(settings, "disable", "Disable an account and end its sessions.", null, _ => Disabled(true)),
        Change(settings, "enable", "Let a disabled account be used again.", null, _ => Disabled(false)),
    };

    private static Command Make(SettingOptions settings)
    {
        var (email, role) = (Email(), Role());
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
        return create;
    }

    private static Command List(SettingOptions settings)
    {
        var search = new Option<string?>("--search")
        {
            Description = "How the address or the name begins.",
            HelpName = "text",
        };
        var list = new Command("list", "List accounts, newest first: id, time, role, state, address.") { search };
        list.SetAction((line, cancellation) => With(settings.LoadSound(line), async (users, _) =>
        {
            var filter = new UserFilter(line.GetValue(search));
            Cursor? after = null;
            var more = true;
            while (more)
            {
                var page = await users.List(filter, new PageRequest(PageRequest.LimitMax, null, after), cancellation);
                foreach (var user in page.Items)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{user.Id} {user.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {user.Role.ToName()} " +
                        $"{(user.DisabledAt is null ? "enabled" : "disabled")} {user.Email}"));
                }

                more = Cursor.TryParse(page.NextCursor, out after);
            }
        }, cancellation));
        return list;
    }

    private static Command Change(
        SettingOptions settings,
        string name,
        string description,
        Option<string>? value,
        Func<string, ChangeUser> change)
    {
        var email = Email();
        var command = new Command(name, description) { email };
        if (value is not null)
        {
            command.Options.Add(value);
        }

        command.SetAction((line, cancellation) => With(settings.LoadSound(line), async (users, accounts) =>
        {
            var account = await accounts.Find(line.GetRequiredValue(email), cancellation)
                ?? throw new StartupException("There is no account with this address.");
            var wanted = change(value is null ? "" : line.GetRequiredValue(value));
            var changed = await users.Change(by: null, new UserId(account.Id), wanted, cancellation);
            var user = changed.Failed(out var problem) ? throw new StartupException(Explain(problem)) : changed.Value;
            var state = user.DisabledAt is null ? "enabled" : "disabled";
            Console.WriteLine($"{user.Id} {user.Email} {user.Role.ToName()} {state}");
        }, cancellation));
        return command;
    }

    private static Task<int> Make(
        Settings settings, string email, Role role, string? name, CancellationToken cancellation) =>
        With(settings, async (_, accounts) =>
        {
            var made = await accounts.Create(email, PasswordPrompt.Read(), name, role, cancellation);
            if (made.Failed(out var problem))
            {
                throw new StartupException(Explain(problem));
            }

            Console.WriteLine($"{made.Value.Id} {made.Value.Email} {made.Value.Role.ToName()}");
        }, cancellation);

    private static async Task<int> With(
        Settings settings, Func<IUsers, IAccounts, Task> work, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        if (services.GetService<IUsers>() is not { } users || services.GetService<IAccounts>() is not { } accounts)
        {
            throw new StartupException("Accounts belong to the identity module, which GATEHOUSE_MODULES leaves out.");
        }

        await DatabaseSteps.Attempt(async () =>
        {
            await DatabaseSteps.Prepare(services, cancellation);
            await work(users, accounts);
        });
        return CommandRun.Fine;
    }

    private static Option<string> Email() => new("--email")
    {
        Description = "The account's e-mail address.",
        HelpName = "address",
        Required = true,
    };

    private static Option<string> Role()
    {
        var role = new Option<string>("--role")
        {
            Description = "What the account may do.",
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(r => r.ToName())]);
        return role;
    }

    private static ChangeUser Disabled(bool disabled) => new() { Disabled = disabled };

    private static string Explain(Problem problem) => problem.Errors.Count == 0
        ? problem.Detail
        : string.Join('\n', problem.Errors.SelectMany(e => e.Value.Select(message => $"{e.Key}: {message}")));
}
