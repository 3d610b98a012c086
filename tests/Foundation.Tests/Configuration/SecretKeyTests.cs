using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Tests.Configuration;

public sealed class SecretKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gatehouse-key-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_read_by_its_owner_only()
    {
        var database = new DatabaseOptions { Path = Path.Combine(folder, "data") };

        var first = SecretKey.Obtain(new SecretsOptions(), database).Bytes.ToArray();
        var second = SecretKey.Obtain(new SecretsOptions(), database).Bytes.ToArray();

        Assert.Equal(32, first.Length);
        Assert.Equal(first, second);
        var file = Assert.Single(Directory.GetFiles(database.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Processes_that_start_at_once_agree_on_one_key()
    {
        // Often, because what goes wrong here goes wrong rarely.
        for (var round = 0; round < 50; round++)
        {
            var database = new DatabaseOptions { Path = Path.Combine(folder, $"{round}") };
            var keys = new byte[8][];

            Parallel.For(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = keys.Length },
                i => keys[i] = SecretKey.Obtain(new SecretsOptions(), database).Bytes.ToArray());

            Assert.All(keys, key => Assert.Equal(keys[0], key));
            Assert.Single(Directory.GetFiles(database.Path));
        }
    }

    [Fact]
    public void A_damaged_key_file_stops_the_start_and_is_not_replaced()
    {
        var file = Path.Combine(folder, SecretKey.FileName);
        File.WriteAllText(file, "damaged");

        var refusal = Assert.Throws<StartupException>(
            () => SecretKey.Obtain(new SecretsOptions(), new DatabaseOptions { Path = folder }));

        Assert.Contains("Restore it from a backup", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("damaged", File.ReadAllText(file));
    }
}
