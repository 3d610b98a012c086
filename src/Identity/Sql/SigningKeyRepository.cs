using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SigningKeyRepository([FromKeyedServices(IdentityModule.Key)] Database database)
    : ISigningKeyRepository
{
    public async Task AddUnlessActive(SigningKey key, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Insert, new
        {
            kid = key.Kid,
            algorithm = key.Algorithm,
            publicX = key.PublicX,
            publicY = key.PublicY,
            privateKey = key.SealedPrivateKey,
            createdAt = key.CreatedAt,
        });
        await unit.Commit();
    }

    public async Task<IReadOnlyList<SigningKey>> All(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return [.. (await session.Query<SigningKeyRow>(Sql.All)).Select(row => row.ToDomain())];
    }

    private sealed class SigningKeyRow
    {
        public string Kid { get; init; } = "";

        public string Algorithm { get; init; } = "";

        public string PublicX { get; init; } = "";

        public string PublicY { get; init; } = "";

        public string PrivateKey { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? RetiredAt { get; init; }

        public SigningKey ToDomain() =>
            new(Kid, Algorithm, PublicX, PublicY, PrivateKey, CreatedAt) { RetiredAt = RetiredAt };
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO signing_keys (kid, algorithm, public_x, public_y, private_key, created_at)
            VALUES (@kid, @algorithm, @publicX, @publicY, @privateKey, @createdAt)
            ON CONFLICT DO NOTHING
            """;

        public const string All =
            """
            SELECT kid, algorithm, public_x, public_y, private_key, created_at, retired_at
            FROM signing_keys
            ORDER BY created_at DESC, kid
            """;
    }
}
