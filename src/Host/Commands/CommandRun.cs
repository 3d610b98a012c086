using System.CommandLine;
using System.CommandLine.Invocation;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary>Runs what the command line asks for, and turns the outcome into an exit code.</summary>
internal static class CommandRun
{
    public const int Fine = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    public static async Task<int> Of(RootCommand root, string[] args)
    {
        var line = root.Parse(args);
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The server has its own way to end, and a command that is interrupted leaves nothing half done.
            ProcessTerminationTimeout = null,
        };
        if (line.Action is ParseErrorAction wrongUse)
        {
            wrongUse.ShowHelp = false;
            await line.InvokeAsync(invocation);
            await Console.Error.WriteLineAsync(
                "'gatehouse --help' and 'gatehouse <command> --help' tell what there is.");
            return WrongUse;
        }

        try
        {
            return await line.InvokeAsync(invocation);
        }
        catch (WrongUseException refusal)
        {
            await Console.Error.WriteLineAsync($"gatehouse: {refusal.Message}");
            return WrongUse;
        }
        catch (StartupException failure)
        {
            await Console.Error.WriteLineAsync($"gatehouse: {failure.Message}");
            return Failed;
        }
        catch (Exception bug)
        {
            await Console.Error.WriteLineAsync($"gatehouse: this is a fault of the program, please report it.\n{bug}");
            return Failed;
        }
    }
}
