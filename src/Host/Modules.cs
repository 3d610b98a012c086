using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Messaging.Rabbit;
using Gatehouse.Foundation.Modules;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Registry;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway;
using Gatehouse.Identity;
using Gatehouse.Journal;
using Gatehouse.Notifications;
using Gatehouse.Ticketing;

namespace Gatehouse.Host;

/// <summary>What this executable is made of.</summary>
internal static class Modules
{
    public static readonly IReadOnlyList<IModule> All =
    [
        new IdentityModule(),
        new TicketingModule(),
        new JournalModule(),
        new NotificationsModule(),
        new GatewayModule(),
    ];

    /// <summary>
    /// Every options class, those of modules that are not served included: their keys are known all the same.
    /// </summary>
    public static IEnumerable<Type> Options =>
    [
        typeof(RuntimeOptions),
        typeof(HttpOptions),
        typeof(TokenOptions),
        typeof(DatabaseOptions),
        typeof(SecretsOptions),
        typeof(AdminOptions),
        typeof(LimitsOptions),
        typeof(RedisOptions),
        typeof(CachingOptions),
        typeof(LoggingOptions),
        typeof(ResilienceOptions),
        typeof(MessagingOptions),
        typeof(WorkersOptions),
        typeof(SchedulesOptions),
        typeof(BrokerOptions),
        typeof(RegistryOptions),
        .. All.SelectMany(module => module.Options),
    ];

    /// <summary>Those that a gateway forwards to.</summary>
    public static IEnumerable<string> Forwarded(RuntimeOptions options) =>
        Served(options).Where(module => module is not GatewayModule).Select(module => module.Name);

    public static IReadOnlyList<IModule> Served(RuntimeOptions options) =>
        [.. All.Where(module => options.Serves(module.Name))];
}
