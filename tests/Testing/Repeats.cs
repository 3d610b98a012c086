namespace Gatehouse.Testing;

/// <summary>How often the long tests repeat: GATEHOUSE_TEST_REPEATS, 20 for a release.</summary>
public static class Repeats
{
    public static int Of(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("GATEHOUSE_TEST_REPEATS"), out var asked) ? asked : usual;
}
