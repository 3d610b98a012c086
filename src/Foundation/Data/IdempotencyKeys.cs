using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// A caller's key, and what it was used for: the same key with another request is a mistake worth telling.
/// </summary>
public sealed record IdempotentRequest(UserId User, string Key, string RequestHash)
{
    /// <summary>Of whatever makes two requests the same.</summary>
    public static string Hash(params ReadOnlySpan<object> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>What the first request with a key was answered.</summary>
public sealed class KeptAnswer
{
    public Guid UserId { get; init; }

    public string Key { get; init; } = "";

    public string RequestHash { get; init; } = "";

    public string Answer { get; init; } = "";
}

/// <summary>
/// Keeps answers by idempotency key in the module's <c>idempotency_keys</c> table, in the transaction of what they
/// answer, for 24 h.
/// </summary>
public static class IdempotencyKeys
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private const int PruneMax = 1_000;

    /// <summary>The answers kept for any of these requests.</summary>
    public static Task<IReadOnlyList<KeptAnswer>> Find(
        UnitOfWork unit, IReadOnlyList<IdempotentRequest> requests, DateTimeOffset now)
    {
        var since = now - Lifetime;
        return unit.IsPostgres
            ? unit.Query<KeptAnswer>(Sql.Find.Postgres, new
            {
                userIds = requests.Column(r => r.User.Value),
                keys = requests.Column(r => r.Key),
                since,
            })
            : unit.Query<KeptAnswer>(Sql.Find.Sqlite, new { pairs = Pairs(requests), since });
    }

    /// <summary>
    /// Keeps the answers; throws <see cref="KeyTakenException"/> when another transaction used a key first, and nothing
    /// of this one may stay.
    /// </summary>
    public static async Task Keep(
        UnitOfWork unit, IReadOnlyList<(IdempotentRequest Request, string Answer)> answers, DateTimeOffset now)
    {
        if (answers.Count == 0)
        {
            return;
        }

        // In one order everywhere, so that two transactions that share keys wait for each other instead of deadlocking.
        var rows = answers
            .OrderBy(a => a.Request.User.Value)
            .ThenBy(a => a.Request.Key, StringComparer.Ordinal)
            .Select(a => new
            {
                userId = a.Request.User.Value,
                key = a.Request.Key,
                requestHash = a.Request.RequestHash,
                answer = a.Answer,
                now,
                since = now - Lifetime,
            })
            .ToList();
        var kept = unit.IsPostgres
            ? await unit.Query<KeptKey>(Sql.Keep.Postgres, new
            {
                userIds = rows.Column(r => r.userId),
                keys = rows.Column(r => r.key),
                requestHashes = rows.Column(r => r.requestHash),
                answers = rows.Column(r => r.answer),
                now,
                since = now - Lifetime,
            })
            : await KeepOneByOne(unit, rows);
        if (kept.Count != rows.Count)
        {
            var taken = rows.Select(r => (new UserId(r.userId), r.key)).ToHashSet();
            taken.ExceptWith(kept.Select(k => (new UserId(k.UserId), k.Key)));
            throw new KeyTakenException(taken);
        }
    }

    /// <summary>Deletes those whose time is over, a batch a transaction; answers how many.</summary>
    public static async Task<long> Prune(Database database, DateTimeOffset now, CancellationToken cancellation)
    {
        var total = 0L;
        while (true)
        {
            await using var unit = await database.Begin(cancellation);
            var deleted = await unit.Execute(Sql.Prune, new { since = now - Lifetime, limit = PruneMax });
            await unit.Commit();
            total += deleted;
            if (deleted < PruneMax)
            {
                return total;
            }
        }
    }

    private static async Task<IReadOnlyList<KeptKey>> KeepOneByOne(UnitOfWork unit, IEnumerable<object> rows)
    {
        var kept = new List<KeptKey>();
        foreach (var row in rows)
        {
            kept.AddRange(await unit.Query<KeptKey>(Sql.Keep.Sqlite, row));
        }

        return kept;
    }

    // Two JSON texts in one array per pair: what json_each can take apart.
    private static string Pairs(IReadOnlyList<IdempotentRequest> requests)
    {
        var pairs = new StringBuilder("[");
        foreach (var request in requests)
        {
            pairs.Append(pairs.Length > 1 ? "," : "")
                .Append(CultureInfo.InvariantCulture, $"[\"{request.User}\",\"")
                .Append(System.Text.Json.JsonEncodedText.Encode(request.Key).Value)
                .Append("\"]");
        }

        return pairs.Append(']').ToString();
    }

    private sealed class KeptKey
    {
        public Guid UserId { get; init; }

        public string Key { get; init; } = "";
    }

    private static class Sql
    {
        public const string Prune =
            """
            DELETE FROM idempotency_keys
            WHERE (user_id, key) IN (
                SELECT user_id, key
                FROM idempotency_keys
                WHERE created_at <= @since
                ORDER BY created_at
                LIMIT @limit)
                AND created_at <= @since
            """;

        public static class Find
        {
            public const string Sqlite =
                """
                SELECT k.user_id, k.key, k.request_hash, k.answer
                FROM json_each(@pairs) AS asked
                JOIN idempotency_keys k
                    ON k.user_id = json_extract(asked.value, '$[0]') AND k.key = json_extract(asked.value, '$[1]')
                WHERE k.created_at > @since
                """;

            public const string Postgres =
                """
                SELECT k.user_id, k.key, k.request_hash, k.answer
                FROM unnest(CAST(@userIds AS uuid[]), CAST(@keys AS text[])) AS asked (user_id, key)
                JOIN idempotency_keys k ON k.user_id = asked.user_id AND k.key = asked.key
                WHERE k.created_at > @since
                """;
        }

        public static class Keep
        {
            public const string Sqlite =
                """
                INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_at)
                VALUES (@userId, @key, @requestHash, @answer, @now)
                ON CONFLICT (user_id, key) DO UPDATE
                SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at
                WHERE idempotency_keys.created_at <= @since
                RETURNING user_id, key
                """;

            public const string Postgres =
                """
                INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_at)
                SELECT user_id, key, request_hash, answer, @now
                FROM unnest(
                    CAST(@userIds AS uuid[]), CAST(@keys AS text[]),
                    CAST(@requestHashes AS text[]), CAST(@answers AS text[]))
                    AS kept (user_id, key, request_hash, answer)
                ON CONFLICT (user_id, key) DO UPDATE
                SET request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at
                WHERE idempotency_keys.created_at <= @since
                RETURNING user_id, key
                """;
        }
    }
}

/// <summary>
/// Another transaction used idempotency keys of this one at the same moment; it has ended, so trying again finds its
/// answers.
/// </summary>
public sealed class KeyTakenException(IReadOnlySet<(UserId User, string Key)> taken)
    : Exception("Idempotency keys were used by another transaction.")
{
    public bool Concerns(IdempotentRequest? request) =>
        request is not null && taken.Contains((request.User, request.Key));
}
