using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Jobs;

/// <summary>
/// This test program once more, as a worker on a workshop's database: a process of its own, so that it can be killed.
/// Its only test, which runs when it is asked for and not otherwise, is to work until then.
/// </summary>
public sealed class JobProcess
{
    private const string Variable = "TEST_JOB_WORKER";

    /// <param name="options">Of the workshop.</param>
    /// <param name="holds">It stops in the middle: the effect is written, and never committed.</param>
    internal static ChildProcess Start(DatabaseOptions options, bool holds) => ChildProcess.Start(
        "dotnet",
        [
            typeof(JobProcess).Assembly.Location,
            "--explicit", "only", "--filter-method", $"*{nameof(JobProcess)}.{nameof(Works_until_it_is_killed)}",
        ],
        info => info.Environment[Variable] = JsonSerializer.Serialize(new Orders(options, holds)));

    /// <summary>Whether the process that holds is in the middle.</summary>
    internal static bool IsHolding(DatabaseOptions options) => File.Exists(Marker(options));

    [Fact(Explicit = true)]
    public async Task Works_until_it_is_killed()
    {
        var orders = JsonSerializer.Deserialize<Orders>(Environment.GetEnvironmentVariable(Variable)!)!;
        await using var database = DataRegistration.Open(Workshop.Module, orders.Options);
        var job = new TestJob("write", async (run, cancellation) =>
        {
            await using var unit = await database.Begin(cancellation);
            await Workshop.Write(unit, run);
            if (orders.Holds)
            {
                await File.WriteAllTextAsync(Marker(orders.Options), "", cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            await unit.Commit();
        })
        {
            Policy = new JobPolicy { Lease = TimeSpan.FromSeconds(1) },
        };
        await using var instance = new Instance(database, shutdownSeconds: 1, [job]);
        await instance.Workers.StartAsync(CancellationToken.None);
        await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
    }

    private static string Marker(DatabaseOptions options) => Path.Combine(options.Path, "holding");

    private sealed record Orders(DatabaseOptions Options, bool Holds);
}
