using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>A gateway that is restarted on its ports.</summary>
internal sealed class ProofGateway(string file) : IDisposable
{
    private readonly int port = LoopbackPort.Free();
    private readonly int tlsPort = LoopbackPort.Free();
    private GatehouseProcess? process;

    public Uri Plain => new($"http://127.0.0.1:{port}");

    public Uri Secure => new($"https://api.example:{tlsPort}");

    public async Task Start() => process = await GatewayProcess.Start(
        file, port,
        ("GATEHOUSE_HTTP__HTTPSURL", $"https://127.0.0.1:{tlsPort}"),
        ("GATEHOUSE_HTTP__DRAINSECONDS", "1"),
        ("GATEHOUSE_HTTP__SHUTDOWNSECONDS", "10"));

    /// <summary>SIGTERM, its end, and a start; answers how long the end took.</summary>
    public async Task<TimeSpan> Restart()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await process!.Terminate());
        var took = watch.Elapsed;
        process.Dispose();
        await Start();
        return took;
    }

    public void Dispose() => process?.Dispose();
}
