using System.Runtime.CompilerServices;
using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Jobs;

/// <summary>
/// This test program once more, as a worker on a workshop's database: a process of its own, so that it can be killed.
/// </summary>
internal static class JobProcess
{
    public const string Holding = "holding";
    private const string Variable = "TEST_JOB_WORKER";

    /// <param name="options">Of the workshop.</param>
    /// <param name="holds">It stops in the middle: the effect is written, and never committed.</param>
    public static ChildProcess Start(DatabaseOptions options, bool holds) => ChildProcess.Start(
        "dotnet",
        [typeof(JobProcess).Assembly.Location],
        info => info.Environment[Variable] = JsonSerializer.Serialize(new Orders(options, holds)));

    // Before Main, which belongs to the test runner.
    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } orders)
        {
            Run(JsonSerializer.Deserialize<Orders>(orders)!).GetAwaiter().GetResult();
        }
    }

    private static async Task Run(Orders orders)
    {
        await using var database = DataRegistration.Open(Workshop.Module, orders.Options);
        await using var instance = new Instance(database, shutdownSeconds: 1,
        [
            new TestJob("write", async (run, cancellation) =>
            {
                await using var unit = await database.Begin(cancellation);
                await Workshop.Write(unit, run);
                if (orders.Holds)
                {
                    await Console.Out.WriteLineAsync(Holding);
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                await unit.Commit();
            })
            {
                Policy = new JobPolicy { Lease = TimeSpan.FromSeconds(1) },
            },
        ]);
        await instance.Workers.StartAsync(CancellationToken.None);
        await Task.Delay(Timeout.Infinite);
    }

    private sealed record Orders(DatabaseOptions Options, bool Holds);
}
