using System.Globalization;
using System.Net.Sockets;
using Gatehouse.Testing;

namespace Gatehouse.Bench.Gateway;

/// <summary>
/// Forwarding on one core, in turns with nginx, HAProxy and Caddy on the same one; the upstream and the load have the
/// other. All with route, request id and access log.
/// </summary>
internal static class GatewayBench
{
    // On its one core the compiler is slow to end.
    private const int WarmUpSeconds = 10;

    public static async Task<int> Run(int rounds, int seconds, IReadOnlyList<int> connections)
    {
        using var folder = new BenchFolder();
        using var files = Proxy.Files(folder.Path);
        await Listening(files);
        using var ours = Proxy.Ours(folder.Path, files.Port);
        using var nginx = Proxy.Nginx(folder.Path, files.Port);
        using var haproxy = Proxy.Haproxy(folder.Path, files.Port);
        using var caddy = Proxy.Caddy(folder.Path, files.Port);
        Proxy[] all = [ours, nginx, haproxy, caddy];
        foreach (var proxy in all)
        {
            await Listening(proxy);
        }

        var turns = new List<GatewayTurn>();
        foreach (var size in new[] { "1k", "64k" })
        {
            foreach (var count in connections)
            {
                turns.AddRange(await Measure(all, size, count, rounds, seconds));
            }
        }

        var report = new GatewayReport(TimeProvider.System.GetUtcNow(), turns);
        Console.WriteLine($"written   {await Results.Write("gateway", report)}");
        var broken = report.Broken().ToList();
        broken.ForEach(promise => Console.Error.WriteLine($"bench: {promise}"));
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<GatewayTurn>> Measure(
        Proxy[] all, string size, int connections, int rounds, int seconds)
    {
        var path = $"/files/{size}";
        var turns = new List<GatewayTurn>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var proxy in all)
            {
                await Wrk.Run(
                    proxy.Port, path, connections, round == 0 && proxy.Name == "gatehouse" ? WarmUpSeconds : 1);
                var before = await Allocated(proxy);
                var run = await Wrk.Run(proxy.Port, path, connections, seconds);
                var bytes = (await Allocated(proxy) - before) / Math.Max(1.0, run.Requests);
                turns.Add(new GatewayTurn(proxy.Name, size, connections, run, bytes));
                var each = proxy.Name == "gatehouse"
                    ? string.Create(CultureInfo.InvariantCulture, $", {bytes:N0} bytes allocated a request")
                    : "";
                Console.WriteLine(
                    $"{size,-4} {connections,5}  {proxy.Name,-10} {run.PerSecond,9:N0} requests/s, " +
                    $"p50 {run.P50Ms:N1} ms, p99 {run.P99Ms:N1} ms, {run.Failures} failed{each}");
            }
        }

        return turns;
    }

    private static async Task<double> Allocated(Proxy proxy)
    {
        if (proxy.Name != "gatehouse")
        {
            return 0;
        }

        using var client = new HttpClient();
        return double.Parse(
            await client.GetStringAsync(new Uri($"http://127.0.0.1:{proxy.Port}{GatewayInstance.AllocatedPath}")),
            CultureInfo.InvariantCulture);
    }

    private static Task Listening(Proxy proxy) => Poll.Until(
        async () =>
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync("127.0.0.1", proxy.Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(20),
        $"{proxy.Name} to listen");

    private sealed class BenchFolder : IDisposable
    {
        public string Path { get; } = ScratchFolder.Create();

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
