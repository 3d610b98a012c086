using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Ticketing.Tests;

/// <summary>The module as it runs, on an empty database of one engine, with a clock of the test's own.</summary>
internal sealed class BoxOffice : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly ServiceCollection collection = [];
    private ServiceProvider services;

    private BoxOffice(TestDatabase test, TicketingOptions options, Action<IServiceCollection>? more = null)
    {
        this.test = test;
        var module = new TicketingModule();
        collection.AddSingleton(test.Options);
        collection.AddSingleton(options);
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton<ILoggerFactory, LoggerFactory>();
        collection.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        collection.AddSingleton(new SecretBox(new byte[SecretBox.KeyBytes]));
        collection.AddSingleton<Migrator>();
        collection.AddSingleton(new CachingOptions());
        collection.AddSingleton(new RedisOptions());
        collection.AddSingleton(new ResilienceOptions());
        collection.AddCaching();
        module.AddServices(collection);
        more?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    public Caller Organizer { get; } = Person(Role.Organizer);

    public IEvents Events => services.GetRequiredService<IEvents>();

    public IBookings Bookings => services.GetRequiredService<IBookings>();

    public IPayments Payments => services.GetRequiredService<IPayments>();

    public async Task<PaymentView> Pay(BookingAccess buyer, BookingView booking, string? provider = null) =>
        (await Payments.Begin(buyer, booking.Id, new BeginPayment(provider), CancellationToken.None)).Value;

    /// <summary>By the organizer.</summary>
    public async Task<Result<PaymentView>> Mark(PaymentView payment, string status)
    {
        await using var session = await Database.Read(CancellationToken.None);
        var of = await session.QueryFirst<Guid>(
            "SELECT event_id FROM payments WHERE id = @id", new { id = payment.Id });
        return await Payments.Mark(
            Organizer, of, payment.BookingId, payment.Id, new MarkPayment(status), CancellationToken.None);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public IEnumerable<T> GetAll<T>() => services.GetServices<T>();

    public Database Database => services.GetRequiredKeyedService<Database>(TicketingModule.DatabaseName);

    public static Caller Person(Role role = Role.User) =>
        new(new UserId(Guid.NewGuid()), role, new SessionId(Guid.NewGuid()));

    public static Task<BoxOffice> Open(DatabaseProvider provider, TicketingOptions? options = null) =>
        Open(TestDatabase.Create(provider), options);

    /// <param name="test">Ends with the office.</param>
    /// <param name="options">The usual ones when null.</param>
    /// <param name="more">Registered last, and so in the place of the module's own.</param>
    public static async Task<BoxOffice> Open(
        TestDatabase test, TicketingOptions? options = null, Action<IServiceCollection>? more = null)
    {
        var office = new BoxOffice(test, options ?? new TicketingOptions(), more);
        await office.services.GetRequiredService<Migrator>().Up(null, CancellationToken.None);
        return office;
    }

    /// <summary>All services anew on the same database, as after the end of the process.</summary>
    public async Task Restart()
    {
        await services.DisposeAsync();
        services = collection.BuildServiceProvider();
    }

    /// <summary>A second instance on the same database, as another process would be.</summary>
    public BoxOffice Second() => new(test, new TicketingOptions());

    public async Task<EventView> Publish(int capacity, long price = 0, TimeSpan? startsIn = null)
    {
        var start = Time.Now() + (startsIn ?? TimeSpan.FromDays(7));
        var request = new CreateEvent(
            "A fine evening",
            StartAt: start,
            EndAt: start.AddHours(3),
            Capacity: capacity,
            Price: price,
            Status: "published");
        return (await Events.Create(Organizer, request, CancellationToken.None)).Value;
    }

    public Task<Result<PlacedBooking>> Book(Guid of, int quantity = 1, Caller? buyer = null, string? key = null) =>
        Bookings.Place(buyer ?? Person(), of, new PlaceBooking { Quantity = quantity }, key, CancellationToken.None);

    /// <summary>So many of each type.</summary>
    public Task<Result<PlacedBooking>> Book(
        Guid of, Caller? buyer, string? key, params (TicketTypeView Type, int Quantity)[] items) =>
        Bookings.Place(
            buyer ?? Person(),
            of,
            new PlaceBooking(Items: [.. items.Select(item => new PlaceBookingItem(item.Type.Id, item.Quantity))]),
            key,
            CancellationToken.None);

    public ITicketTypes Types => Get<ITicketTypes>();

    public async Task<TicketTypeView> AddType(Guid of, CreateTicketType request) =>
        (await Types.Create(Organizer, of, request, CancellationToken.None)).Value;

    public async Task<IReadOnlyList<TicketTypeView>> SeeTypes(Guid of) =>
        [.. (await Types.List(Organizer, of, CancellationToken.None)).Value.Where(type => type.Archived is null)];

    /// <summary>As its organizer does: as it is now.</summary>
    public async Task<EventView> See(Guid of) =>
        (await Events.Get(Organizer, of.ToString(), CancellationToken.None)).Value;

    public async Task<long> Count(string from)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<long>($"SELECT COUNT(*) FROM {from}");
    }

    /// <summary>Writes past the module; <c>@id</c> in the text is <paramref name="id"/>.</summary>
    public async Task Execute(string sql, Guid id = default)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        await unit.Execute(sql, new { id });
        await unit.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}
