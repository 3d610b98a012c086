using System.Diagnostics;
using System.Globalization;

namespace Gatehouse.Testing;

/// <summary>
/// A process and its children, as Linux lists them: a server that forks is frozen or killed as a whole.
/// </summary>
internal sealed class ProcessFamily
{
    // Their numbers are Linux's; macOS has others, and no /proc to read either.
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly List<int> members;

    private ProcessFamily(List<int> members) => this.members = members;

    public static ProcessFamily Of(int parent)
    {
        var children = new DirectoryInfo("/proc").EnumerateDirectories()
            .Select(folder => int.TryParse(folder.Name, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent);
        return new ProcessFamily([parent, .. children]);
    }

    public void Kill() => Send((int)Signal.Kill);

    public void Stop() => Send(SigStop);

    public void Continue() => Send(SigCont);

    public void WaitUntilGone()
    {
        var watch = Stopwatch.StartNew();
        while (members.Any(id => StatusOf(id) is [not "Z", ..]))
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(5))
            {
                throw new TimeoutException($"Process {members[0]} and its children did not end.");
            }

            Thread.Sleep(5);
        }
    }

    private void Send(int signal) => members.ForEach(id => _ = ChildProcess.Kill(id, signal));

    private static int ParentOf(int id) =>
        StatusOf(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    /// <summary>
    /// State, parent and so on, as in "123 (name with spaces) S 1 …" after the parenthesis; empty when it is gone.
    /// </summary>
    private static string[] StatusOf(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[(status.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
