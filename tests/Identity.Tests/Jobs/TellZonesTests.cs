using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Jobs;

public sealed class TellZonesTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Zone_from_before_anyone_listened_is_told_once_by_two_instances(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var one = await TestIdentity.Start(database);
        await using var other = await TestIdentity.Start(database);
        var ada = await one.AddAccount("ada@example.org");
        await one.AddAccount("bob@example.org");
        await one.Execute("UPDATE users SET time_zone = 'Asia/Kathmandu' WHERE email = 'ada@example.org'");
        // As a release that told nobody leaves it.
        var migrator = one.Get<Migrator>();
        var applied = await migrator.Status("identity", cancellation);
        await migrator.Down(
            "identity", applied.SkipWhile(step => step.Name != "zones_to_tell").Count(), cancellation);
        await migrator.Up("identity", cancellation);

        var told = await Task.WhenAll(Tell(one), Tell(other));

        Assert.Equal(["0 time zones told", "1 time zones told"], told.Order(StringComparer.Ordinal));
        var fact = Assert.Single(await one.Published("user.profile_changed"));
        Assert.Equal((ada.Id, "Asia/Kathmandu"), (
            fact.GetProperty("userId").GetGuid(), fact.GetProperty("timeZone").GetString()));
        // Of a change that is made at that moment, the change is the news.
        Assert.True(fact.GetProperty("occurredAt").GetDateTimeOffset() < one.Time.GetUtcNow());
        Assert.Equal("0 time zones told", await Tell(one));
    }

    [OnEveryDatabase]
    public async Task Zones_of_many_are_told_in_parts(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var ids = Enumerable.Range(0, 501).Select(_ => Guid.NewGuid()).ToList();
        await identity.Execute(
            """
            INSERT INTO users (id, email, role, password_hash, created_at, time_zone)
            VALUES (@id, @email, 'user', '', @at, 'Europe/Berlin')
            """,
            ids.Select(id => new { id, email = $"{id}@example.org", at = identity.Time.GetUtcNow() }));
        await identity.Execute("INSERT INTO zones_to_tell (user_id) SELECT id FROM users");

        Assert.Equal("501 time zones told", await Tell(identity));
        Assert.Equal("0 time zones told", await Tell(identity));
        Assert.Equal(501, await identity.Count("SELECT COUNT(DISTINCT aggregate_id) FROM outbox"));
    }

    private static Task<string> Tell(TestIdentity identity) => identity.Get<IEnumerable<ISchedule>>()
        .Single(schedule => schedule.Name == "identity.tell-zones").Run(CancellationToken.None);
}
