using System.Text;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary>Gets a password in a way that leaves it in no shell history and in no process list.</summary>
internal static class PasswordPrompt
{
    public const string Variable = "GATEHOUSE_USER_PASSWORD";

    /// <summary>From the variable, else from a pipe's first line, else asked twice without showing it.</summary>
    public static string Read()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
        }

        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 } piped
                ? piped
                : throw new StartupException($"No password: give one in {Variable} or on standard input.");
        }

        var first = Ask("Password: ");
        return first == Ask("Once more: ")
            ? first
            : throw new StartupException("The two passwords differ.");
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return typed.ToString();
                case ConsoleKey.Backspace:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                case var _ when !char.IsControl(key.KeyChar):
                    typed.Append(key.KeyChar);
                    break;
            }
        }
    }
}
