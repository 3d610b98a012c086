using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SigningKeyRepository([FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit)
    : ISigningKeyRepository
{
    private const int ReplaceTries = 10;

    public async Task AddFirst(SigningKey key, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await Insert(unit, key))
        {
            audit.Write(unit, Fact("key.made", key));
            await unit.Commit();
        }
    }

    public async Task<bool> Follow(SigningKey next, DateTimeOffset begunBefore, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var retired = await unit.Execute(Sql.Retire, new { at = next.ActivatesAt, begunBefore });
        if (retired == 0 || !await Insert(unit, next))
        {
            return false;
        }

        audit.Write(unit, Fact("key.rotated", next));
        await unit.Announce(ISigningKeyRepository.Topic);
        await unit.Commit();
        return true;
    }

    public async Task Replace(SigningKey next, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var revoked = await unit.Execute(Sql.DeleteAll);
        // A key that another instance has kept meanwhile is in the way, and visible to the next try.
        for (var tries = 1; !await Insert(unit, next); tries++)
        {
            if (tries == ReplaceTries)
            {
                throw new InvalidOperationException(
                    "Others keep making signing keys: none was replaced. Run the command again.");
            }

            revoked += await unit.Execute(Sql.DeleteAll);
        }

        audit.Write(unit, Fact("key.replaced", next) with { Before = $$"""{"revoked":{{revoked}}}""" });
        await unit.Announce(ISigningKeyRepository.Topic);
        await unit.Commit();
    }

    public async Task<int> Prune(DateTimeOffset retiredBefore, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var pruned = await unit.Execute(Sql.Prune, new { retiredBefore });
        await unit.Commit();
        return pruned;
    }

    public async Task<IReadOnlyList<SigningKey>> All(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return [.. (await session.Query<SigningKeyRow>(Sql.All)).Select(row => row.ToDomain())];
    }

    private static async Task<bool> Insert(UnitOfWork unit, SigningKey key) => await unit.Execute(Sql.Insert, new
    {
        kid = key.Kid,
        algorithm = key.Algorithm.ToName(),
        publicKey = key.PublicKey,
        privateKey = key.SealedPrivateKey,
        createdAt = key.CreatedAt,
        activatesAt = key.ActivatesAt,
    }) == 1;

    private static AuditFact Fact(string action, SigningKey key) => new(action, $"signing-key/{key.Kid}")
    {
        After = $$"""{"algorithm":"{{key.Algorithm.ToName()}}","activatesAt":"{{key.ActivatesAt.UtcDateTime:O}}"}""",
    };

    private sealed class SigningKeyRow
    {
        public string Kid { get; init; } = "";

        public string Algorithm { get; init; } = "";

        public string PublicKey { get; init; } = "";

        public string PrivateKey { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset ActivatesAt { get; init; }

        public DateTimeOffset? RetiredAt { get; init; }

        public SigningKey ToDomain() =>
            new(Kid, SigningAlgorithmNames.Parse(Algorithm), PublicKey, PrivateKey, CreatedAt, ActivatesAt)
            {
                RetiredAt = RetiredAt,
            };
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO signing_keys (kid, algorithm, public_key, private_key, created_at, activates_at)
            SELECT @kid, @algorithm, @publicKey, @privateKey, @createdAt, @activatesAt
            WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE retired_at IS NULL)
            ON CONFLICT DO NOTHING
            """;

        // Of two at once the second waits for the row and then finds it retired.
        public const string Retire =
            """
            UPDATE signing_keys
            SET retired_at = @at
            WHERE retired_at IS NULL AND activates_at <= @begunBefore
            """;

        public const string DeleteAll =
            """
            DELETE FROM signing_keys
            """;

        public const string Prune =
            """
            DELETE FROM signing_keys
            WHERE retired_at < @retiredBefore
            """;

        public const string All =
            """
            SELECT kid, algorithm, public_key, private_key, created_at, activates_at, retired_at
            FROM signing_keys
            ORDER BY created_at DESC, kid
            """;
    }
}
