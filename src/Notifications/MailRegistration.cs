using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Notifications.Consumers;
using Gatehouse.Notifications.Jobs;
using Gatehouse.Notifications.Jobs.Mail;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;
using Gatehouse.Notifications.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Notifications;

/// <summary>What e-mail is made of.</summary>
internal static class MailRegistration
{
    private const string PickupFolder = "mail";

    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IReadModelRepository, ReadModelRepository>();
        services.AddSingleton<IMailRepository, MailRepository>();
        services.AddSingleton<IMailLogRepository, MailLogRepository>();
        services.AddSingleton<MailTemplates>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<MailSamples>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<IMails, MailService>();
        services.AddSingleton(provider => new PickupTransport(Path.GetFullPath(
            provider.GetRequiredService<MailOptions>().Pickup
            ?? Path.Combine(provider.GetRequiredService<DatabaseOptions>().Path, PickupFolder))));
        services.AddSingleton<IMailTransport>(provider =>
            provider.GetRequiredService<MailOptions>() is { SmtpHost: not null } options
                ? new SmtpTransport(options, provider.GetRequiredService<Dependencies>())
                : provider.GetRequiredService<PickupTransport>());

        services.AddConsumer<ReadModelConsumer>();
        services.AddConsumer<MailConsumer>();
        foreach (var kind in MailKinds.All)
        {
            services.AddSingleton<IJob>(provider => ActivatorUtilities.CreateInstance<MailSendJob>(provider, kind));
        }

        services.AddJob<EventNewsJob>();
        services.AddSchedule<MailPruneSchedule>();
        services.AddSchedule<ReadModelPruneSchedule>();
        services.AddSingleton<MailHealth>();
        services.Configure<HealthCheckServiceOptions>(health => health.Registrations.Add(new HealthCheckRegistration(
            MailHealth.Name, provider => provider.GetRequiredService<MailHealth>(), HealthStatus.Degraded, tags: null)
        {
            Timeout = TimeSpan.FromSeconds(2),
        }));
        services.AddSingleton<IHostedService, MailWarning>();
        return services;
    }
}
