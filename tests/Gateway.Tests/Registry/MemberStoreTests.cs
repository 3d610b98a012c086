using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Registry;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Gatehouse.Gateway.Tests.Registry.Members;

namespace Gatehouse.Gateway.Tests.Registry;

/// <summary>What every store of registrations does: the one in memory and the one that gateways share.</summary>
public sealed class MemberStoreTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private TestDatabase? scratch;
    private Database? database;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_member_is_there_as_it_was_put_until_it_is_removed(bool shared)
    {
        var store = await Store(shared);
        IReadOnlyList<string> none = [];
        var member = Of("shop", "a", tags: ["v2", "zone=a"]) with { Weight = 7, HealthPath = "/health/ready?x=1" };

        var put = (await store.Put(member, Cancellation))!;

        var kept = Assert.Single(await store.All(Cancellation));
        Assert.Equal(member with { Tags = none }, kept.Member with { Tags = none });
        Assert.Equal(member.Tags, kept.Member.Tags);
        Assert.Equal(put.RegisteredAt, kept.RegisteredAt);
        Assert.InRange(put.ExpiresAt - put.RegisteredAt, TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(16));
        Assert.InRange(kept.Left, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Assert.True(await store.Remove(member.Key, Cancellation));
        Assert.False(await store.Remove(member.Key, Cancellation));
        Assert.Empty(await store.All(Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_id_again_takes_the_place_of_the_one_before(bool shared)
    {
        var store = await Store(shared);
        await store.Put(Of("shop", "a", port: 1), Cancellation);
        await store.Put(Of("site", "a", port: 2), Cancellation);

        await store.Put(Of("shop", "a", port: 3), Cancellation);

        Assert.Equal(
            [2, 3], (await store.All(Cancellation)).Select(member => member.Member.Address.Port).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lease_is_renewed_while_it_lasts_and_not_afterwards(bool shared)
    {
        var store = await Store(shared);
        var (brief, other) = (Of("shop", "brief", lease: 1), Of("shop", "other", lease: 100));
        await store.Put(brief, Cancellation);
        await store.Put(other, Cancellation);
        var gone = new MemberKey("shop", "gone");

        var renewed = await store.Renew([brief.Key, other.Key, gone], Cancellation);

        Assert.Equal([1, 100], renewed.Values.Select(lease => lease.LeaseSeconds).Order());
        Assert.DoesNotContain(gone, renewed.Keys);
        await Poll.Until(
            async () => (await store.All(Cancellation)).Count(member => member.IsLive) == 1, Soon, "a lease to end");
        Assert.Equal([other.Key], (await store.Renew([brief.Key, other.Key], Cancellation)).Keys);
        Assert.Equal(0, await store.Prune(TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(1, await store.Prune(TimeSpan.Zero, Cancellation));
        Assert.Equal([other.Key], (await store.All(Cancellation)).Select(member => member.Member.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cluster_has_room_for_so_many_and_for_those_who_come_back(bool shared)
    {
        var store = await Store(shared);
        for (var i = 0; i < IMemberStore.MembersMax; i++)
        {
            Assert.NotNull(await store.Put(Of("shop", $"m{i}", lease: 100), Cancellation));
        }

        Assert.Null(await store.Put(Of("shop", "more"), Cancellation));
        Assert.NotNull(await store.Put(Of("shop", "m7"), Cancellation));
        Assert.NotNull(await store.Put(Of("site", "more"), Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_is_told_who_came_and_went_and_not_who_stays(bool shared)
    {
        var store = await Store(shared);
        var member = Of("shop", "a");
        var come = store.Changed.Next;
        await store.Put(member, Cancellation);
        await come.WaitAsync(Soon, Cancellation);

        var next = store.Changed.Next;
        await store.Renew([member.Key], Cancellation);
        Assert.False(next.IsCompleted);

        await store.Remove(member.Key, Cancellation);
        await next.WaitAsync(Soon, Cancellation);
    }

    [Fact]
    public async Task Batches_of_the_same_members_in_other_orders_wait_for_each_other_and_never_in_a_circle()
    {
        var store = await Store(shared: true);
        var keys = Enumerable.Range(0, 50).Select(i => new MemberKey("shop", $"m{i}")).ToList();
        foreach (var key in keys)
        {
            await store.Put(Of(key.Cluster, key.Id), Cancellation);
        }

        await Parallel.ForAsync(0, 40, Cancellation, async (i, cancellation) =>
        {
            var order = i % 2 == 0 ? keys : Enumerable.Reverse(keys).ToList();
            Assert.Equal(50, (await store.Renew(order, cancellation)).Count);
        });
    }

    [Fact]
    public async Task Every_text_of_SQL_is_one_the_database_can_prepare()
    {
        await using var prepared = TestDatabase.Create(DatabaseProvider.Postgres);
        var assembly = typeof(GatewayModule).Assembly;

        Assert.Empty(await SqlTexts.Faults(
            prepared, "gateway", assembly, SqlTexts.Of(assembly, DatabaseProvider.Postgres), Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
            await scratch!.DisposeAsync();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<IMemberStore> Store(bool shared)
    {
        if (!shared)
        {
            return new MemoryMembers(TimeProvider.System);
        }

        scratch = TestDatabase.Create(DatabaseProvider.Postgres);
        database = DataRegistration.Open("gateway", scratch.Options);
        await new Migrator(
            [new MigratedDatabase(database, typeof(GatewayModule).Assembly)], TimeProvider.System,
            NullLogger<Migrator>.Instance).Up(null, Cancellation);
        return new SharedMembers(database);
    }
}
