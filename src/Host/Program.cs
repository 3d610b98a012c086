using System.CommandLine;
using System.Globalization;
using Gatehouse.Host.Commands;

// What is written here is read by programs, and by people of any language: the machine's own has no part in it.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

// The settings that every command takes; what is said here wins over files, .env and environment.
var settings = new SettingOptions();

var gatehouse = new RootCommand(
    """
    Gatehouse: accounts and an event box office in one executable.

    Without a command it serves. Settings come from appsettings.json, .env and GATEHOUSE_ variables;
    'gatehouse config print' shows which are in force. Exit codes: 0 fine, 1 failed, 2 wrong use.
    """);

gatehouse.Options.Add(settings.Environment);
gatehouse.Options.Add(settings.Data);
gatehouse.Options.Add(settings.Set);

// Serve the API until SIGTERM or SIGINT; also what happens without a command.
gatehouse.Subcommands.Add(ServeCommand.Create(settings));
ServeCommand.MakeDefault(gatehouse, settings);

// Bring the databases up, down, or say where they stand.
gatehouse.Subcommands.Add(MigrateCommand.Create(settings));

// Look at everything a start needs, and name all faults at once.
gatehouse.Subcommands.Add(CheckCommand.Create(settings));

// Show the settings in force and where each came from.
gatehouse.Subcommands.Add(ConfigCommand.Create(settings));

// Make accounts, such as the first administrator; give roles, disable, enable.
gatehouse.Subcommands.Add(UserCommand.Create(settings));

// Look after the keys that sign access tokens.
gatehouse.Subcommands.Add(KeysCommand.Create(settings));
gatehouse.Subcommands.Add(TicketKeysCommand.Create(settings));

// Look at what consumers gave up on, try it again or drop it.
gatehouse.Subcommands.Add(DeadLettersCommand.Create(settings));
// Follow the audit log from its first row to its last.
gatehouse.Subcommands.Add(AuditCommand.Create(settings));
// See whether money, places and tickets add up.
gatehouse.Subcommands.Add(ReconciliationCommand.Create(settings));
// See whether what statistics of journals are made of is what was written.
gatehouse.Subcommands.Add(JournalCommand.Create(settings));
// Try whether mail leaves this machine.
gatehouse.Subcommands.Add(MailCommand.Create(settings));
// Look at a gateway's file before it is served.
gatehouse.Subcommands.Add(GatewayCommand.Create());

// Say which build this is.
gatehouse.Subcommands.Add(VersionCommand.Create());

return await CommandRun.Of(gatehouse, args);
