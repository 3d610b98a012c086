using Gatehouse.Contracts;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Modules;
using Gatehouse.Journal.Consumers;
using Gatehouse.Journal.Http;
using Gatehouse.Journal.Jobs;
using Gatehouse.Journal.Services;
using Gatehouse.Journal.Sql;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal;

/// <summary>Short entries that a person keeps for themselves.</summary>
public sealed class JournalModule : IModule
{
    internal const string DatabaseName = "journal";

    public string Name => DatabaseName;

    public IReadOnlyList<Type> Options => [];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(DatabaseName, typeof(JournalModule).Assembly);
        services.AddJson(JournalJson.Default);
        services.AddSingleton<IRequestRules<CreateEntry>, CreateEntryRules>();
        services.AddSingleton<IEntryRepository, EntryRepository>();
        services.AddSingleton<IEntryViewRepository, EntryViewRepository>();
        services.AddSingleton<IJournalStateRepository, JournalStateRepository>();
        services.AddSingleton<JournalStates>();
        services.AddSingleton<JournalCache>();
        services.AddSingleton<JournalAnswers>();
        services.AddSingleton<EntryBatch>();
        services.AddSingleton<EntryLanes>();
        services.AddSingleton<ICountsStateRepository, CountsStateRepository>();
        services.AddSingleton<IDayCounts, DayCountsRepository>();
        services.AddSingleton<IStatsRepository, StatsRepository>();
        services.AddSingleton<CountsBuilding>();
        services.AddSingleton<IEntryStats, StatsService>();
        services.AddSingleton<ICountsCheckRepository, CountsCheckRepository>();
        services.AddSingleton<IJournalCheck, CountsCheck>();
        services.AddSingleton<EntryWriting>();
        services.AddSingleton<IEntries, EntryService>();
        services.AddSingleton<IEntryExportRepository, EntryExportRepository>();
        services.AddSingleton<IEntryExport, EntryExportService>();
        services.AddSingleton<EntryChartService>();
        services.AddRateLimit(_ => EntryExportEndpoints.ExportLimit);
        services.AddConsumer<TimeZoneConsumer>();
        services.AddJob<BuildCountsJob>();
        services.AddSchedule<BuildCountsSchedule>();
        services.AddSchedule<PruneEntriesSchedule>();
        services.AddIdempotencyPruning(DatabaseName);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapEntries();
        endpoints.MapEntryExports();
        endpoints.MapEntryCharts();
        endpoints.MapStats();
    }
}
