using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Registry;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gatehouse.Host;

/// <summary>The web application: built from the settings, started, and run until it is told to stop.</summary>
internal static partial class Server
{
    /// <exception cref="StartupException">It cannot start; the message says why.</exception>
    public static async Task Run(Settings settings, CancellationToken cancellation)
    {
        if (Modules.Served(settings.Get<RuntimeOptions>()) is [GatewayModule])
        {
            GatewayModule.ServeAlone();
        }

        var started = false;
        // These two log a failed start with its stack; the one message on standard error says it better.
        await using var app = Build(settings, logging => logging
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => started && level >= LogLevel.Warning));

        // Made now, so that a key that cannot be read stops the start and not the first request.
        app.Services.GetRequiredService<SecretBox>();
        await DatabaseSteps.Prepare(app.Services, cancellation);
        var isDevelopment = settings.Environment == RuntimeEnvironment.Development;
        if (isDevelopment)
        {
            await DatabaseSteps.Attempt(() => Demo.Seed(app.Services, cancellation));
        }

        var http = settings.Get<HttpOptions>();
        // The modules' own first steps need the database too.
        await DatabaseSteps.Attempt(() => Start(app, http, cancellation));
        started = true;
        LogServing(app.Logger, http.Url, settings.Environment, Engine(settings));
        if (isDevelopment)
        {
            await Demo.Print(app.Services, http.Url, cancellation);
        }

        await app.WaitForShutdownAsync(cancellation);
    }

    private static string Engine(Settings settings) =>
        settings.Get<DatabaseOptions>().Provider == DatabaseProvider.Postgres
            ? "PostgreSQL"
            : SqliteLibrary.Description;

    private static WebApplication Build(Settings settings, Action<ILoggingBuilder> filter)
    {
        // Empty: settings, logging and limits are ours, and a start that loads less is faster.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "gatehouse",
            EnvironmentName = settings.Environment.ToString(),
            ContentRootPath = AppContext.BaseDirectory,
        });
        var http = settings.Get<HttpOptions>();
        builder.WebHost.UseKestrelCore();
        builder.Logging.AddGatehouseLogging(settings.Get<LoggingOptions>(), settings.Environment);
        filter(builder.Logging);
        builder.Services.AddRouting();
        builder.Services.AddGatehouse(settings);
        // After the modules: keys are fetched from elsewhere only where none of them has them.
        builder.Services.AddBearerAuthentication();
        Listen(builder, http);
        builder.Services.AddGatehouseHttp(http);
        builder.Services.AddJobs();
        builder.Services.AddMessaging();
        builder.Services.AddSelfRegistration(Modules.Forwarded(settings.Get<RuntimeOptions>()));

        var app = builder.Build();
        app.UseGatehouseHttp();
        app.MapJobs();
        foreach (var module in Modules.Served(settings.Get<RuntimeOptions>()))
        {
            module.MapEndpoints(app);
        }

        app.MapDeadLetters();

        return app;
    }

    private static void Listen(WebApplicationBuilder builder, HttpOptions http)
    {
        if (http.HttpsUrl.Length == 0)
        {
            builder.WebHost.UseUrls(http.Url);
            return;
        }

        if (builder.Services.All(service => service.ServiceType != typeof(IServerTls)))
        {
            throw new StartupException(
                "GATEHOUSE_HTTP__HTTPSURL needs the module gateway: the certificates are in its file.");
        }

        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IServerTls>((kestrel, tls) => Listeners.Listen(kestrel, http, tls));
    }

    private static async Task Start(WebApplication app, HttpOptions http, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartupException($"Cannot listen on {http.Url}: {failure.Message}", failure);
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "Serving on {Url} in {Environment} with {Engine}")]
    private static partial void LogServing(ILogger log, string url, RuntimeEnvironment environment, string engine);
}
