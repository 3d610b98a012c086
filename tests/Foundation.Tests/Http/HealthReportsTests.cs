using Gatehouse.Foundation.Http;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Tests.Http;

/// <summary>Probes that anybody may send cost no more than one evaluation a second.</summary>
public sealed class HealthReportsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime time = new();
    private readonly TaskCompletionSource open = new();
    private readonly HealthReports reports;
    private int asked;

    public HealthReportsTests()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddAsyncCheck("component", async () =>
        {
            Interlocked.Increment(ref asked);
            await open.Task;
            return HealthCheckResult.Healthy();
        });
        reports = new HealthReports(services.BuildServiceProvider().GetRequiredService<HealthCheckService>(), time);
    }

    [Fact]
    public async Task However_many_ask_the_components_are_asked_once_a_second()
    {
        using var hangsUp = new CancellationTokenSource();
        var gone = reports.Latest(hangsUp.Token);
        var crowd = Enumerable.Range(0, 200).Select(_ => reports.Latest(CancellationToken.None)).ToList();
        await hangsUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        open.SetResult();
        Assert.Single((await Task.WhenAll(crowd)).Distinct());

        time.Advance(Second * 0.9);
        await reports.Latest(CancellationToken.None);
        Assert.Equal(1, asked);
        time.Advance(Second * 0.1);
        await reports.Latest(CancellationToken.None);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_component_that_never_answers_is_down_and_asked_again()
    {
        var first = reports.Latest(CancellationToken.None);
        await Poll.Until(() => Task.FromResult(asked == 1), Second * 10, "the first question");
        await Poll.Until(
            () =>
            {
                time.Advance(Second);
                return Task.FromResult(first.IsCompleted);
            },
            Second * 10,
            "the bound");
        Assert.Equal(HealthStatus.Unhealthy, (await first).Status);

        open.SetResult();
        time.Advance(Second);
        Assert.Equal(HealthStatus.Healthy, (await reports.Latest(CancellationToken.None)).Status);
    }
}
