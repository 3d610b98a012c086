using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Services;

/// <summary>
/// bcrypt of the operating system (libxcrypt). bcrypt reads 72 bytes and stops at U+0000, so it is given
/// base64(HMAC-SHA-384(password)), 64 characters in which every byte of the password counts.
/// </summary>
internal sealed partial class BcryptScheme(int cost) : IPasswordScheme
{
    private const string Library = "libcrypt.so.1";
    private const string Mark = "hmac384-bcrypt:";
    private const string Prefix = "$2b$";
    private const int SaltBytes = 16;
    private const int SettingCharacters = 29;
    private const int HashCharacters = 60;
    private const int CryptDataBytes = 32768;

    // No secret: it keeps these pre-hashes apart from SHA-384 hashes that leaked elsewhere ("password shucking").
    private static readonly byte[] DomainKey = "gatehouse/identity/password/v1"u8.ToArray();

    /// <summary>Whether the library is there and computes bcrypt rightly.</summary>
    public static bool IsAvailable { get; } = Probe();

    public bool Made(string stored) => stored.StartsWith(Mark, StringComparison.Ordinal);

    public string Hash(string password) => Mark + Crypt(PreHash(password), Setting(cost));

    public bool Verify(string password, string stored)
    {
        if (!IsAvailable || stored.Length != Mark.Length + HashCharacters)
        {
            return false;
        }

        var expected = stored[Mark.Length..];
        var actual = Crypt(PreHash(password), expected);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(actual), Encoding.ASCII.GetBytes(expected));
    }

    public bool IsWeak(string stored) => CostOf(stored) != cost;

    // Each cost takes twice the work of the one before: c and c, c + 1, ... up to today's less one add up to today's.
    public IEnumerable<string> MakeUp(string stored) =>
        IsAvailable && stored.Length == Mark.Length + HashCharacters && CostOf(stored) is var done && done < cost
            ? Enumerable.Range(done, cost - done).Select(Dummy)
            : [];

    public string Dummy() => Dummy(cost);

    /// <summary>bcrypt of a text of ASCII, as <c>crypt(3)</c> computes it.</summary>
    internal static string Crypt(string phrase, string setting)
    {
        // Pinned: the answer is a pointer into it, read after the call.
        var data = GC.AllocateArray<byte>(CryptDataBytes, pinned: true);
        try
        {
            var hash = Marshal.PtrToStringAnsi(CryptR(Terminated(phrase), Terminated(setting), data));
            return hash is { Length: HashCharacters } && hash.StartsWith(Prefix, StringComparison.Ordinal)
                ? hash
                : throw new InvalidOperationException("crypt_r refused a bcrypt setting.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    private static string PreHash(string password) =>
        Convert.ToBase64String(HMACSHA384.HashData(DomainKey, Encoding.UTF8.GetBytes(password)));

    private static int CostOf(string stored) =>
        int.Parse(stored.AsSpan(Mark.Length + Prefix.Length, 2), CultureInfo.InvariantCulture);

    private static string Dummy(int cost) => Mark + Setting(cost) + new string('.', HashCharacters - SettingCharacters);

    private static string Setting(int cost)
    {
        var setting = new byte[SettingCharacters + 1];
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return GenSalt(Terminated(Prefix), new CULong((uint)cost), salt, salt.Length, setting, setting.Length) == 0
            ? throw new InvalidOperationException("crypt_gensalt_rn refused a bcrypt cost.")
            : Encoding.ASCII.GetString(setting, 0, SettingCharacters);
    }

    private static byte[] Terminated(string ascii) => Encoding.ASCII.GetBytes(ascii + '\0');

    private static bool Probe()
    {
        // The vector of Openwall's own tests: an old library without bcrypt, or a broken one, must not be trusted.
        const string known = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        try
        {
            return NativeLibrary.TryLoad(Library, out _) && Crypt("U*U", known) == known;
        }
        catch (Exception exception) when (exception is InvalidOperationException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport(Library, EntryPoint = "crypt_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint CryptR(byte[] phrase, byte[] setting, [In, Out] byte[] data);

    [LibraryImport(Library, EntryPoint = "crypt_gensalt_rn")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GenSalt(
        byte[] prefix, CULong count, byte[] random, int randomBytes, [In, Out] byte[] output, int outputBytes);
}
