using Gatehouse.Foundation.Data;

namespace Gatehouse.Gateway.Registry;

/// <summary>
/// For several gateways: a table in PostgreSQL, whose clock decides. Others are told by NOTIFY that somebody came or
/// went; that leases were renewed they see when they look.
/// </summary>
internal sealed class SharedMembers(Database database) : IMemberStore
{
    private const string Topic = "registry";

    // Nobody here says that he hears it: then a change would be told to this process alone.
    public Signal Changed => database.Signal(Topic);

    public async Task<StoredMember?> Put(Member member, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var row = await unit.QueryFirst<Row>(Sql.Put.Postgres, new
        {
            cluster = member.Key.Cluster,
            id = member.Key.Id,
            address = member.Address.AbsoluteUri,
            weight = member.Weight,
            tags = string.Join(' ', member.Tags),
            healthPath = member.HealthPath,
            leaseSeconds = member.LeaseSeconds,
            max = IMemberStore.MembersMax,
        });
        if (row is null)
        {
            return null;
        }

        await unit.Announce(Topic);
        await unit.Commit();
        return row.ToDomain();
    }

    public async Task<IReadOnlyDictionary<MemberKey, RenewedLease>> Renew(
        IReadOnlyCollection<MemberKey> keys, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var renewed = await unit.Query<RenewedRow>(Sql.Renew.Postgres, new
        {
            clusters = keys.Select(key => key.Cluster).ToArray(),
            ids = keys.Select(key => key.Id).ToArray(),
        });
        await unit.Commit();
        return renewed.ToDictionary(
            row => new MemberKey(row.Cluster, row.Id), row => new RenewedLease(row.LeaseSeconds, row.ExpiresAt));
    }

    public async Task<bool> Remove(MemberKey key, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await unit.Execute(Sql.Remove, new { cluster = key.Cluster, id = key.Id }) == 0)
        {
            return false;
        }

        await unit.Announce(Topic);
        await unit.Commit();
        return true;
    }

    public async Task<IReadOnlyList<StoredMember>> All(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return [.. (await session.Query<Row>(Sql.All.Postgres)).Select(row => row.ToDomain())];
    }

    public async Task<int> Prune(TimeSpan age, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var pruned = await unit.Execute(Sql.Prune.Postgres, new { seconds = age.TotalSeconds });
        await unit.Commit();
        return pruned;
    }

    private sealed class RenewedRow
    {
        public string Cluster { get; init; } = "";

        public string Id { get; init; } = "";

        public int LeaseSeconds { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }
    }

    private sealed class Row
    {
        public string Cluster { get; init; } = "";

        public string Id { get; init; } = "";

        public string Address { get; init; } = "";

        public int Weight { get; init; }

        public string Tags { get; init; } = "";

        public string? HealthPath { get; init; }

        public int LeaseSeconds { get; init; }

        public DateTimeOffset RegisteredAt { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public double SecondsLeft { get; init; }

        public StoredMember ToDomain() => new(
            new Member
            {
                Key = new MemberKey(Cluster, Id),
                Address = new Uri(Address),
                Weight = Weight,
                Tags = Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                HealthPath = HealthPath,
                LeaseSeconds = LeaseSeconds,
            },
            RegisteredAt, ExpiresAt, TimeSpan.FromSeconds(SecondsLeft));
    }

    private static class Sql
    {
        private const string Columns =
            """
            cluster, id, address, weight, tags, health_path, lease_seconds, registered_at, expires_at,
                extract(epoch FROM expires_at - clock_timestamp())::double precision AS seconds_left
            """;

        public static class All
        {
            public const string Postgres =
                $"""
                SELECT {Columns}
                FROM members
                """;
        }

        public static class Put
        {
            public const string Postgres =
                $"""
                INSERT INTO members AS m (
                    cluster, id, address, weight, tags, health_path, lease_seconds, registered_at, expires_at)
                SELECT @cluster, @id, @address, @weight::integer, @tags, @healthPath, @leaseSeconds::integer,
                    clock_timestamp(), clock_timestamp() + make_interval(secs => @leaseSeconds::integer)
                WHERE (
                    SELECT count(*)
                    FROM members
                    WHERE cluster = @cluster AND id <> @id AND expires_at > clock_timestamp()) < @max::integer
                ON CONFLICT (cluster, id) DO UPDATE
                SET address = excluded.address, weight = excluded.weight, tags = excluded.tags,
                    health_path = excluded.health_path, lease_seconds = excluded.lease_seconds,
                    registered_at = excluded.registered_at, expires_at = excluded.expires_at
                RETURNING {Columns}
                """;
        }

        // In the order of the key, so that two batches with the same rows wait for each other in one direction only.
        public static class Renew
        {
            public const string Postgres =
                """
                WITH asked AS MATERIALIZED (
                    SELECT m.cluster, m.id
                    FROM members m
                    JOIN unnest(@clusters::text[], @ids::text[]) AS a (cluster, id)
                        ON a.cluster = m.cluster AND a.id = m.id
                    ORDER BY m.cluster, m.id
                    FOR UPDATE OF m)
                UPDATE members m
                SET expires_at = clock_timestamp() + make_interval(secs => m.lease_seconds)
                FROM asked
                WHERE m.cluster = asked.cluster AND m.id = asked.id AND m.expires_at > clock_timestamp()
                RETURNING m.cluster, m.id, m.lease_seconds, m.expires_at
                """;
        }

        public const string Remove =
            """
            DELETE FROM members
            WHERE cluster = @cluster AND id = @id
            """;

        public static class Prune
        {
            public const string Postgres =
                """
                DELETE FROM members
                WHERE expires_at < clock_timestamp() - make_interval(secs => @seconds::double precision)
                """;
        }
    }
}
