namespace Gatehouse.Testing;

/// <summary>Temporary folders of this test process, all below one that is deleted when the process ends.</summary>
public static class ScratchFolder
{
    private const string MemoryDisk = "/dev/shm";
    private static readonly Lazy<string> Root = new(() => Below(Path.GetTempPath()));
    private static readonly Lazy<string> MemoryRoot = new(
        () => Directory.Exists(MemoryDisk) ? Below(MemoryDisk) : Root.Value);

    public static string Create() => CreateIn(Root.Value);

    /// <summary>In memory where the system has such a disk (Linux), else like the others.</summary>
    public static string CreateInMemory() => CreateIn(MemoryRoot.Value);

    private static string CreateIn(string root) =>
        Directory.CreateDirectory(Path.Combine(root, $"{Guid.NewGuid():N}")).FullName;

    private static string Below(string folder)
    {
        var root = Path.Combine(folder, $"gatehouse-tests-{Guid.NewGuid():N}");
        ProcessEnd.Do(() => Directory.Delete(root, recursive: true));
        return root;
    }
}
