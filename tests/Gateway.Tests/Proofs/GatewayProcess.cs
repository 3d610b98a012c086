using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>The program as a gateway alone.</summary>
internal static class GatewayProcess
{
    public static Task<GatehouseProcess> Start(
        string file, int? port = null, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["GATEHOUSE_MODULES"] = "gateway",
            ["GATEHOUSE_TOKENS__IDENTITYURL"] = "http://127.0.0.1:1",
            ["GATEHOUSE_GATEWAY__FILE"] = file,
            ["GATEHOUSE_GATEWAY__POLLSECONDS"] = "0.1",
            ["GATEHOUSE_LOGGING__LEVEL"] = "Warning",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return GatehouseProcess.Start(all, port, TestContext.Current.CancellationToken);
    }
}
