using System.Diagnostics;
using Xunit;

namespace Gatehouse.Testing;

/// <summary>
/// A disk of its own with so many MiB, which a test can fill without harm to others: tmpfs, which only root may mount.
/// </summary>
public sealed class SmallDisk : IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private bool ended;

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Skips the test, and says so, where no disk can be mounted.</summary>
    public static SmallDisk Mount(int mebibytes)
    {
        var disk = new SmallDisk(ScratchFolder.Create());
        if (!Environment.IsPrivilegedProcess ||
            !Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0777", "tmpfs", disk.Folder))
        {
            Assert.Skip("A full disk is not tried: only root may mount a small one. Run the tests as root.");
        }

        ProcessEnd.Do(disk.Dispose);
        return disk;
    }

    /// <summary>Until not a byte is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[BlockBytes]; block.Length > 0;)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        if (!ended)
        {
            // Lazily: whoever has a file open there keeps nobody waiting.
            ended = Run("umount", "--lazy", Folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        return process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }
}
