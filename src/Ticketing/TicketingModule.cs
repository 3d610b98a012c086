using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Modules;
using Gatehouse.Ticketing.Http;
using Gatehouse.Ticketing.Jobs;
using Gatehouse.Ticketing.Services;
using Gatehouse.Ticketing.Sql;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing;

/// <summary>The box office: events, their places, and bookings that never oversell them.</summary>
public sealed class TicketingModule : IModule
{
    internal const string DatabaseName = "ticketing";

    public string Name => DatabaseName;

    public IReadOnlyList<Type> Options => [typeof(TicketingOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(DatabaseName, typeof(TicketingModule).Assembly);
        services.AddJson(TicketingJson.Default);
        services.AddSingleton<ITicketTypeRepository, TicketTypeRepository>();
        services.AddSingleton<IEventRepository, EventRepository>();
        services.AddSingleton<IEventViewRepository, EventViewRepository>();
        services.AddSingleton<IEventReportRepository, EventReportRepository>();
        services.AddSingleton<IBookingRepository, BookingRepository>();
        services.AddSingleton<IBookingViewRepository, BookingViewRepository>();
        services.AddSingleton<IRequestRules<CreateEvent>, CreateEventRules>();
        services.AddSingleton<EventSnapshots>();
        services.AddDoor();
        services.AddSingleton<EventLocks>();
        services.AddSingleton<BookingBatch>();
        services.AddSingleton<BookingLanes>();
        services.AddSingleton<IDemoData, TicketingDemo>();
        services.AddSingleton<IEvents, EventService>();
        services.AddSingleton<IBookings, BookingService>();
        services.AddSingleton<BookingCancellation>();
        services.AddSingleton<EventCancellation>();
        services.AddSingleton<IEventBookings, EventBookingService>();
        services.AddSingleton<IEventReports, EventReportService>();
        services.AddRateLimit(_ => EventReportEndpoints.ExportLimit);
        services.AddSingleton<ITicketTypes, TicketTypeService>();
        services.AddPayments();
        services.AddJob<CancelEventJob>();
        services.AddSchedule<ExpireHoldsSchedule>();
        services.AddIdempotencyPruning(DatabaseName);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapEvents();
        endpoints.MapTicketTypes();
        endpoints.MapBookings();
        endpoints.MapEventBookings();
        endpoints.MapTicketKeys();
        endpoints.MapTickets();
        endpoints.MapCheckIns();
        endpoints.MapDoorTokens();
        endpoints.MapPayments();
        endpoints.MapReconciliation();
        endpoints.MapEventReports();
    }
}
