namespace Gatehouse.Testing;

/// <summary>Temporary folders of this test process, all below one that is deleted when the process ends.</summary>
public static class ScratchFolder
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var root = Path.Combine(Path.GetTempPath(), $"gatehouse-tests-{Guid.NewGuid():N}");
        ProcessEnd.Do(() => Directory.Delete(root, recursive: true));
        return root;
    });

    public static string Create() =>
        Directory.CreateDirectory(Path.Combine(Root.Value, $"{Guid.NewGuid():N}")).FullName;
}
