using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Sql;

/// <summary>Keeps a refresh token of the session's newest generation, by its hash.</summary>
internal static class RefreshTokens
{
    public static Task<int> Add(UnitOfWork unit, Session session, RefreshToken token, DateTimeOffset now) =>
        unit.Execute(Sql.Insert, new
        {
            hash = token.Hash,
            sessionId = session.Id.Value,
            generation = session.Generation,
            now,
        });

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO refresh_tokens (hash, session_id, generation, created_at)
            VALUES (@hash, @sessionId, @generation, @now)
            """;
    }
}
