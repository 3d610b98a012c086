namespace Gatehouse.Testing;

/// <summary>Where the sources are: found by walking up from the running tests to Gatehouse.slnx.</summary>
public static class Solution
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the one the running tests were built with (…/bin/Release/net10.0/).</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory).Parent?.Name ?? "Release";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Gatehouse.slnx above {AppContext.BaseDirectory}.");
    }
}
