using System.Security.Cryptography;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>
/// An installation with its instances under load, one fault after another, and at the end the question whether
/// everything that was said is so.
/// </summary>
internal sealed class Storm : IAsyncDisposable
{
    private const int Customers = 8;
    private const int FewPlaces = 60;
    private const int AcknowledgedMax = 60;
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(60);
    private readonly Installation installation;
    private readonly List<Instance> instances = [];
    private readonly List<Customer> people = [];
    private readonly Journal journal = new(ScratchFolder.Create());
    private readonly CancellationTokenSource end = new();
    private string[] events = [];
    private Task customers = Task.CompletedTask;
    private int faults;

    private Storm(Installation installation) => this.installation = installation;

    public IReadOnlyList<Instance> Instances => instances;

    /// <summary>So many instances, and customers at work.</summary>
    public static async Task<Storm> Over(Installation installation, int instances)
    {
        var storm = new Storm(installation);
        storm.instances.Add(new Instance(installation, installation.Process));
        while (storm.instances.Count < instances)
        {
            storm.instances.Add(new Instance(installation, await installation.StartAnother()));
        }

        // Enough for all, held until paid, and too few.
        storm.events =
        [
            await installation.Organizer.Publish(1_000_000),
            await installation.Organizer.Publish(1_000_000, price: 500),
            await installation.Organizer.Publish(FewPlaces),
        ];
        var doors = storm.instances.ConvertAll(instance => instance.Client);
        for (var i = 0; i < Customers; i++)
        {
            var email = $"customer-{i}@example.org";
            await installation.SignUp(email);
            storm.people.Add(new Customer(email, doors, storm.events, storm.journal, i));
        }

        storm.customers = Task.WhenAll(storm.people.Select(customer => customer.Run(storm.end.Token)));
        return storm;
    }

    /// <summary>Does it in the middle of the work, at a moment nobody chose.</summary>
    public async Task Suffers(Func<Task> fault)
    {
        var moment = journal.Acknowledged + RandomNumberGenerator.GetInt32(1, AcknowledgedMax);
        await Poll.Until(
            () => customers.IsCompleted || journal.Acknowledged >= moment, RecoversWithin, "bookings to go on");
        if (customers.IsFaulted)
        {
            await customers;
        }

        await fault();
        faults++;
    }

    /// <summary>Lets the customers end, and holds what they were told against the books.</summary>
    public async Task EverythingSaidIsSo()
    {
        await end.CancelAsync();
        await customers.WaitAsync(RecoversWithin);
        var acknowledged = journal.Bookings();
        var keys = acknowledged.Select(line => line.Key).ToHashSet(StringComparer.Ordinal);
        Assert.True(
            keys.Count == acknowledged.Count,
            $"{acknowledged.Count - keys.Count} keys were answered with two bookings.");

        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var eventId in events)
        {
            there.UnionWith(await installation.Ledger.Bookings(eventId));
        }

        var lost = acknowledged.Select(line => line.Booking).Except(there, StringComparer.Ordinal).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} acknowledged bookings are lost, such as {lost.FirstOrDefault()}.");
        var surplus = there.Count - acknowledged.Count;
        Assert.True(surplus == 0, $"{surplus} bookings are there that nobody was told of.");
        foreach (var eventId in events)
        {
            Assert.Empty(await installation.Ledger.Faults(eventId));
        }

        await NoPlaceIsLostForEver();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{faults} faults, {journal.Asks()} orders, {acknowledged.Count} bookings acknowledged, " +
            $"{journal.Unknowns()} calls without an answer that says what became of them");
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        foreach (var instance in instances)
        {
            instance.Dispose();
        }

        await Task.WhenAny(customers, Task.Delay(TimeSpan.FromSeconds(10), CancellationToken.None));
        journal.Dispose();
        end.Dispose();
        await installation.DisposeAsync();
    }

    // When every hold has lapsed, and somebody asks again, only what is sold is taken.
    private async Task NoPlaceIsLostForEver()
    {
        await installation.Ledger.LetHoldsLapse(events);
        await people[0].BookAndCancel(events[1]);
        Assert.Equal(0, await installation.Ledger.Held(events));
        foreach (var eventId in events)
        {
            Assert.Empty(await installation.Ledger.Faults(eventId));
        }
    }
}
