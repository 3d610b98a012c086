using Gatehouse.Foundation.Modules;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Services;

/// <summary>For <c>gatehouse check</c>: the file would stop a start.</summary>
internal sealed class FileCheck(ConfigService config, TimeProvider time) : IStartCheck
{
    public string Module => GatewayModule.ModuleName;

    public string Subject => "gateway's file";

    public Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(config.IsConfigured
            ? [.. config.File.Read(time.Now()).Faults.Select(fault => fault.ToText(config.File.Path).TrimEnd())]
            : []);
}
