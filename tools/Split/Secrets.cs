using System.Security.Cryptography;

namespace Gatehouse.Split;

/// <summary>Made once and kept in the data folder, for nobody else to read.</summary>
internal sealed class Secrets
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Dictionary<string, string> values;

    private Secrets(Dictionary<string, string> values) => this.values = values;

    /// <summary>What the program seals its keys with: 32 bytes in base64.</summary>
    public string Key => values["KEY"];

    public string Postgres => values["POSTGRES"];

    public string Redis => values["REDIS"];

    public string Rabbit => values["RABBIT"];

    /// <summary>What modules show to the gateway's registry.</summary>
    public string Registry => values["REGISTRY"];

    public static Secrets Obtain(string file)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.Split('=', 2) is [var name, { Length: > 0 } value])
            {
                kept[name] = value;
            }
        }

        var count = kept.Count;
        kept.TryAdd("KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        foreach (var name in new[] { "POSTGRES", "REDIS", "RABBIT", "REGISTRY" })
        {
            kept.TryAdd(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        }

        if (kept.Count > count)
        {
            Write(file, string.Concat(kept.Select(one => $"{one.Key}={one.Value}\n")));
        }

        return new Secrets(kept);
    }

    /// <summary>Aside and renamed, so that it is there whole or not at all.</summary>
    public static void Write(string file, string text)
    {
        var aside = $"{file}.new";
        File.Delete(aside);
        var made = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            made.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(aside, made))
        {
            writer.Write(text);
        }

        File.Move(aside, file, overwrite: true);
    }
}
