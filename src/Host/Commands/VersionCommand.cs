using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var version = new Command("version", "Print the version, the commit it was built from, and what it runs on.");
        version.SetAction(_ => Console.WriteLine(
            $"gatehouse {Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"));
        return version;
    }

    private static string Version =>
        typeof(VersionCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
