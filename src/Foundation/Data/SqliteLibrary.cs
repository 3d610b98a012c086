using System.Runtime.InteropServices;
using SQLitePCL;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// Chooses which SQLite runs: the operating system's where it is newer than the bundled one, since that one gets
/// security updates; the bundled one elsewhere.
/// </summary>
public static class SqliteLibrary
{
    private const string Bundled = "e_sqlite3";
    private const string System = "libsqlite3.so.0";
    private static readonly Lazy<string> Loaded = new(Choose);

    /// <summary>Which library serves and its version, for the log.</summary>
    public static string Description => Loaded.Value;

    internal static void Load() => _ = Loaded.Value;

    private static string Choose()
    {
        var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        var useSystem = Version(System, provider) > Version(Bundled, provider);
        if (useSystem)
        {
            NativeLibrary.SetDllImportResolver(provider, (name, assembly, path) =>
                NativeLibrary.TryLoad(name == Bundled ? System : name, assembly, path, out var handle) ? handle : 0);
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return $"{(useSystem ? System : "bundled SQLite")} {raw.sqlite3_libversion().utf8_to_string()}";
    }

    private static int Version(string library, global::System.Reflection.Assembly assembly)
    {
        if (!NativeLibrary.TryLoad(library, assembly, null, out var handle) ||
            !NativeLibrary.TryGetExport(handle, "sqlite3_libversion_number", out var function))
        {
            return 0;
        }

        return Marshal.GetDelegateForFunctionPointer<LibVersionNumber>(function)();
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int LibVersionNumber();
}
