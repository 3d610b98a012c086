using System.Diagnostics;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>The file changes again and again under load: nothing fails, and no request sees two revisions.</summary>
[Collection(Alone.Name)]
public sealed class ConfigChangeTests
{
    private const int Clients = 16;

    private readonly string file = Path.Combine(ScratchFolder.Create(), "gateway.yaml");
    private readonly Lock gate = new();
    private readonly List<string> wrong = [];
    private long requests;

    [Fact]
    public async Task Changes_under_load_fail_no_request_and_show_none_two_revisions()
    {
        var (changes, routes) = (ProofScale.Of(30, 500), ProofScale.Of(1_000, 5_000));
        await using var upstream = await ProofUpstream.Start();
        GatewayFileText.Write(file, GatewayFileText.Of(1, routes, upstream.Address));
        using var gateway = await GatewayProcess.Start(file);
        using var end = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var load = Enumerable.Range(0, Clients).Select(_ => Ask(client, routes, end.Token)).ToArray();
        var seen = new HashSet<string>();
        var longest = TimeSpan.Zero;
        for (var revision = 2; revision <= changes + 1; revision++)
        {
            GatewayFileText.Write(file, GatewayFileText.Of(revision, routes, upstream.Address));
            var since = Stopwatch.StartNew();
            await Poll.Until(
                async () => await Revision(client) == $"{revision}", TimeSpan.FromSeconds(20),
                $"revision {revision} to be in force");
            longest = since.Elapsed > longest ? since.Elapsed : longest;
            seen.Add($"{revision}");
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {requests}: {string.Join("\n", wrong.Take(20))}");
        Assert.Equal(changes, seen.Count);
        Assert.True(requests > changes * Clients, $"The load was {requests} requests only.");
        ProofScale.Tell($"{changes} changes of {routes} routes, {requests} requests, the longest {longest}");
    }

    private static async Task<string> Revision(HttpClient client)
    {
        using var answer = await client.GetAsync("/r0/now");
        return answer.Headers.GetValues("X-Revision").Single();
    }

    private async Task Ask(HttpClient client, int routes, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var route = Random.Shared.Next(routes);
            string? fault;
            try
            {
                using var answer = await client.GetAsync($"/r{route}/x", CancellationToken.None);
                fault = FaultOf(answer);
            }
            catch (HttpRequestException failure)
            {
                fault = failure.Message;
            }

            Interlocked.Increment(ref requests);
            if (fault is not null)
            {
                lock (gate)
                {
                    wrong.Add(fault);
                }
            }
        }
    }

    // Three places that its revision is written to: by the request's headers, its path, and the answer's headers.
    private static string? FaultOf(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return $"status {(int)answer.StatusCode}";
        }

        var (told, sent, target) = (One(answer, "X-Revision"), One(answer, "X-Sent"), One(answer, "X-Target"));
        return told == sent && target == $"/v{told}/x" ? null : $"{told}, {sent} and {target} in one request";
    }

    private static string One(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
