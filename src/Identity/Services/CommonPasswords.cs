using System.Collections.Frozen;

namespace Gatehouse.Identity.Services;

/// <summary>
/// The passwords that are guessed first: the frequency list that comes with zxcvbn (MIT), of leaks that were published;
/// 11,611 of its 30,000 are long enough to be chosen here.
/// </summary>
internal sealed class CommonPasswords
{
    private const string List = "zxcvbn-core.Dictionaries.passwords.lst";
    private const int CharactersMin = 8;
    private readonly Lazy<FrozenSet<string>> all = new(Read);

    public bool Contains(string password) => all.Value.Contains(password);

    private static FrozenSet<string> Read()
    {
        using var resource = typeof(Zxcvbn.Zxcvbn).Assembly.GetManifestResourceStream(List)
            ?? throw new InvalidOperationException("The list of common passwords is not in the program.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length >= CharactersMin)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
