using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Modules;
using Gatehouse.Ticketing.Http;
using Gatehouse.Ticketing.Services;
using Gatehouse.Ticketing.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing;

/// <summary>What ticket codes and their admission are made of.</summary>
internal static class DoorRegistration
{
    public static void AddDoor(this IServiceCollection services)
    {
        services.AddSingleton<ITicketKeyRepository, TicketKeyRepository>();
        services.AddSingleton<TicketKeyMaker>();
        services.AddSingleton<TicketKeyService>();
        services.AddSingleton<ITicketKeys>(provider => provider.GetRequiredService<TicketKeyService>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<TicketKeyService>());
        services.AddSingleton<ICheckInRepository, CheckInRepository>();
        services.AddSingleton<IDoorTokenRepository, DoorTokenRepository>();
        services.AddSingleton<IGuestRepository, GuestRepository>();
        services.AddSingleton<TicketCodeReader>();
        services.AddSingleton<DoorAccess>();
        services.AddSingleton<ICheckIns, CheckInService>();
        services.AddSingleton<IDoorTokens, DoorTokenService>();
        services.AddSingleton<ITicketDocuments, TicketDocumentService>();
        services.AddRateLimit(_ => TicketEndpoints.PaperLimit);
        services.AddRateLimit(_ => CheckInEndpoints.DoorLimit);
    }
}
