using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>
/// What ends, hangs or fills up in the middle of the work takes nothing away that was acknowledged, and makes nothing
/// twice. A few faults each here; <c>./test --repeats 1000 EndToEnd</c> makes a thousand of each.
/// </summary>
[Collection(Alone.Name)]
public sealed class FaultTests
{
    private const int CommandSeconds = 2;
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(1);

    // Longer than a statement may take.
    private static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(CommandSeconds + 1);

    [Fact]
    public async Task Kill_one_of_two_instances()
    {
        using var server = PostgresServer.StartDurable();
        await using var storm = await Storm.Over(await Installation.Start(server, CommandSeconds), instances: 2);
        for (var i = 0; i < Repeats.Of(3); i++)
        {
            await storm.Suffers(storm.Instances[i % 2].KillAndRestart);
        }

        await storm.EverythingSaidIsSo();
    }

    [Fact]
    public async Task Kill_PostgreSQL_under_two_instances()
    {
        using var server = PostgresServer.StartDurable();
        await using var storm = await Storm.Over(await Installation.Start(server, CommandSeconds), instances: 2);
        for (var i = 0; i < Repeats.Of(3); i++)
        {
            await storm.Suffers(() =>
            {
                server.Kill();
                server.Start();
                return Task.CompletedTask;
            });
        }

        await storm.EverythingSaidIsSo();
    }

    [Fact]
    public async Task Freeze_an_instance_and_PostgreSQL()
    {
        using var server = PostgresServer.StartDurable();
        await using var storm = await Storm.Over(await Installation.Start(server, CommandSeconds), instances: 2);
        for (var i = 0; i < Repeats.Of(1); i++)
        {
            await storm.Suffers(() => storm.Instances[i % 2].FreezeFor(Freeze));
            await storm.Suffers(async () =>
            {
                server.Pause();
                await Task.Delay(LongFreeze);
                server.Resume();
            });
        }

        await storm.EverythingSaidIsSo();
    }

    [Fact]
    public async Task Kill_and_freeze_the_only_instance_on_SQLite()
    {
        await using var storm = await Storm.Over(await Installation.Start(DatabaseProvider.Sqlite), instances: 1);
        for (var i = 0; i < Repeats.Of(2); i++)
        {
            await storm.Suffers(storm.Instances[0].KillAndRestart);
            await storm.Suffers(() => storm.Instances[0].FreezeFor(Freeze));
        }

        await storm.EverythingSaidIsSo();
    }

    [Fact]
    public async Task Fill_the_disk_of_SQLite()
    {
        using var disk = SmallDisk.Mount(mebibytes: 64);
        await using var storm = await Storm.Over(await Installation.Start(disk), instances: 1);
        for (var i = 0; i < Repeats.Of(1); i++)
        {
            await storm.Suffers(() => Fill(disk));
        }

        await storm.EverythingSaidIsSo();
    }

    [Fact]
    public async Task Fill_the_disk_of_PostgreSQL()
    {
        using var disk = SmallDisk.Mount(mebibytes: 512);
        using var server = PostgresServer.StartDurable(disk.Folder);
        await using var storm = await Storm.Over(await Installation.Start(server, CommandSeconds), instances: 2);
        for (var i = 0; i < Repeats.Of(1); i++)
        {
            await storm.Suffers(async () =>
            {
                await Fill(disk);
                if (server.HasEnded)
                {
                    // It ends itself when its log cannot be written; an operator makes room and starts it.
                    server.Start();
                }
            });
        }

        await storm.EverythingSaidIsSo();
    }

    private static async Task Fill(SmallDisk disk)
    {
        disk.Fill();
        await Task.Delay(Freeze);
        disk.Free();
    }
}
