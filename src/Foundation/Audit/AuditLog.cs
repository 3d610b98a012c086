using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Audit;

internal sealed class AuditLog(TimeProvider time) : IAuditLog
{
    private const int JsonCharactersMax = 32 * 1024;

    public void Write(UnitOfWork unit, AuditFact fact)
    {
        // Now, and not at the commit, which another context may make.
        var request = RequestFacts.Current;
        unit.BeforeCommit(() => Append(unit, fact, request));
    }

    private async Task Append(UnitOfWork unit, AuditFact fact, RequestFacts request)
    {
        // Held until the transaction ends, so that its turn is its place in the chain, and an undone one leaves no gap.
        var head = await unit.QueryFirst<HeadRow>(unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres))
            ?? throw new InvalidOperationException("audit_head has lost its row.");
        var row = new AuditRow
        {
            Number = head.Number + 1,
            At = time.Now(),
            Actor = (fact.Actor ?? request.Actor)?.Value,
            ActorKind = request.Kind.ToString().ToLowerInvariant(),
            RequestId = request.RequestId,
            ClientAddress = request.ClientAddress,
            Action = fact.Action,
            Object = fact.Object,
            Before = Bounded(fact.Before),
            After = Bounded(fact.After),
        };
        await unit.Execute(Sql.Insert, new
        {
            number = head.Number + 1,
            at = (DateTimeOffset)row.At,
            actor = (Guid?)row.Actor,
            actorKind = (string)row.ActorKind,
            requestId = (string?)row.RequestId,
            clientAddress = (string?)row.ClientAddress,
            action = fact.Action,
            @object = fact.Object,
            before = (string?)row.Before,
            after = (string?)row.After,
            previousHash = head.Hash,
            hash = row.HashAfter(head.Hash),
        });
    }

    private static string? Bounded(string? json) => json is null || json.Length <= JsonCharactersMax
        ? json
        : $$"""{"characters":{{json.Length}},"sha256":"{{Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(json)))}}"}""";

    private sealed class HeadRow
    {
        public long Number { get; init; }

        public string Hash { get; init; } = "";
    }

    private static class Sql
    {
        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT number, hash
                FROM audit_head
                """;

            public const string Postgres = Sqlite +
                """

                FOR UPDATE
                """;
        }

        // A trigger moves the head on, and refuses a row that does not follow it.
        public const string Insert =
            """
            INSERT INTO audit_log (
                number, at, actor, actor_kind, request_id, client_address, action, object, before, after,
                previous_hash, hash)
            VALUES (
                @number, @at, @actor, @actorKind, @requestId, @clientAddress, @action, @object, @before, @after,
                @previousHash, @hash)
            """;
    }
}
