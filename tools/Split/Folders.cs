namespace Gatehouse.Split;

/// <summary>Folders and files that a server's own user keeps, where this runs as root.</summary>
internal static class Folders
{
    /// <summary>Makes it, and makes sure that the user can write there.</summary>
    public static async Task Make(string path, string user, CancellationToken cancellation)
    {
        if (!Child.IsRoot)
        {
            Directory.CreateDirectory(path);
            return;
        }

        await Demand(new Part("install", "install", "-d", "-m", "700", "-o", user, "-g", user, path)
        {
            IsReady = Never,
        }, $"cannot make {path} for the user {user}", cancellation);
        await Demand(new Part("test", "test", "-w", path)
        {
            User = user,
            IsReady = Never,
        },
            $"this runs as root, so {user} keeps {path}, and cannot reach it: a folder above is closed to others. " +
            "Run it as somebody else, or keep it elsewhere: ./run --split --data /var/lib/gatehouse-split",
            cancellation);
    }

    public static async Task Give(string path, string user, CancellationToken cancellation)
    {
        if (Child.IsRoot)
        {
            await Demand(
                new Part("chown", "chown", $"{user}:{user}", path) { IsReady = Never },
                $"cannot give {path} to the user {user}",
                cancellation);
        }
    }

    /// <summary>A command that is to end with 0.</summary>
    public static async Task Demand(Part command, string otherwise, CancellationToken cancellation)
    {
        var (code, said) = await Child.Run(command, cancellation);
        if (code != 0)
        {
            throw new SplitException($"{otherwise}\n{said}".TrimEnd());
        }
    }

    public static Task<bool> Never(CancellationToken cancellation) => Task.FromResult(false);
}
