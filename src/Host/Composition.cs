using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Foundation.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Host;

/// <summary>
/// What the server and the commands have in common: settings, clock, secrets, databases, the modules' services.
/// </summary>
internal static class Composition
{
    public static IServiceCollection AddGatehouse(this IServiceCollection services, Settings settings)
    {
        services.AddSettings(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SecretBox(SecretKey.Obtain(
            provider.GetRequiredService<SecretsOptions>(), provider.GetRequiredService<DatabaseOptions>()).Bytes));
        services.AddSingleton<Migrator>();
        services.AddSingleton<DeadLetters>();
        foreach (var module in Modules.Served(settings.Get<RuntimeOptions>()))
        {
            module.AddServices(services);
        }

        return services;
    }

    /// <summary>
    /// For one command: no server, and only warnings, on standard error, so that output stays the command's own.
    /// </summary>
    /// <param name="settings">Of the command.</param>
    /// <param name="also">Registrations that win over these.</param>
    public static ServiceProvider ForCommand(Settings settings, Action<IServiceCollection>? also = null)
    {
        RequestFacts.BeginCommand();
        var services = new ServiceCollection()
            .AddGatehouse(settings)
            .AddCaching()
            .AddLogging(logging => logging.AddGatehouseLogging(
                new LoggingOptions { Level = LogLevel.Warning, Format = LogFormat.Readable }, settings.Environment))
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        also?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
