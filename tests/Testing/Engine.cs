using Xunit;

namespace Gatehouse.Testing;

/// <summary>What to do about an engine that is not installed: a person's machine skips loudly, CI fails.</summary>
public static class Engine
{
    public static void Require(bool installed, string name, string howToInstall)
    {
        if (installed)
        {
            return;
        }

        var text = $"{name} is not installed. {howToInstall}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(text + " With CI=true a missing engine is a failure.");
        }

        Assert.Skip(text);
    }
}
