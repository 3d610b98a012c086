using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>One process of an installation at an address that stays, whatever ends there and starts again.</summary>
internal sealed class Instance(Installation installation, GatehouseProcess first) : IDisposable
{
    private GatehouseProcess process = first;

    public HttpClient Client { get; } = new() { BaseAddress = first.Address, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>SIGKILL, and a new one in its place.</summary>
    public async Task KillAndRestart()
    {
        process.Kill();
        process.Dispose();
        process = await installation.StartAnother(Client.BaseAddress!.Port);
    }

    public async Task FreezeFor(TimeSpan time)
    {
        process.Pause();
        try
        {
            await Task.Delay(time);
        }
        finally
        {
            process.Resume();
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        process.Dispose();
    }
}
