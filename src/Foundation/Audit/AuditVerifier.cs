using System.Runtime.CompilerServices;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Audit;

/// <summary>Follows a module's chain from its first row to its head, a page at a time, while others write.</summary>
public static class AuditVerifier
{
    private const int PageRows = 1000;
    private const string FirstHash = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Stops at the first row that is not as it was written.</summary>
    public static async Task<AuditVerdict> Verify(Database database, CancellationToken cancellation)
    {
        var link = new Link(0, FirstHash);
        while (true)
        {
            // The head first: rows that are written meanwhile are looked at in the next round.
            var head = await Head(database, cancellation);
            if (head is null)
            {
                return AuditVerdict.At(link.Number, "audit_head has lost its row: where the chain ends is not known");
            }

            await foreach (var row in Rows(database, link.Number, head.Number, cancellation))
            {
                if (WhatIsWrong(link, row) is { } fault)
                {
                    return fault;
                }

                link = new Link(link.Number + 1, (string)row.Hash!);
            }

            if (link.Number < head.Number)
            {
                return AuditVerdict.At(link.Number + 1, $"the tail is cut: rows to {head.Number} are missing");
            }

            if (link.Hash != head.Hash)
            {
                return AuditVerdict.At(link.Number, "it is not the row that audit_head knows as the last");
            }

            if (await Next(database, link.Number, cancellation) is not { } next)
            {
                return new AuditVerdict(link.Number, link.Hash, FirstBroken: null, Fault: null);
            }

            if (await Head(database, cancellation) is { } now && now.Number == head.Number)
            {
                return AuditVerdict.At(link.Number + 1, $"row {next} stands past the head");
            }
        }
    }

    private static AuditVerdict? WhatIsWrong(Link link, AuditRow row)
    {
        var expected = link.Number + 1;
        if (row.Number is not long number || number != expected)
        {
            return AuditVerdict.At(expected, $"it is missing; row {row.Number} follows");
        }

        if (Equals(row.Hash, row.HashAfter(link.Hash)))
        {
            return Equals(row.PreviousHash, link.Hash)
                ? null
                : AuditVerdict.At(expected, "its previous_hash was changed");
        }

        // A row that agrees with itself and not with the one before: that one was changed and hashed anew.
        return link.Number > 0 && row.PreviousHash is string previous && Equals(row.Hash, row.HashAfter(previous))
            ? AuditVerdict.At(link.Number, $"it was changed and hashed anew; row {expected} still knows the old hash")
            : AuditVerdict.At(expected, "it was changed");
    }

    private static async Task<Link?> Head(Database database, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<Link>(Sql.Head);
    }

    private static async Task<object?> Next(Database database, long last, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<AuditRow>(Sql.Next, new { last }))?.Number;
    }

    private static async IAsyncEnumerable<AuditRow> Rows(
        Database database,
        long after,
        long last,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (after < last)
        {
            IReadOnlyList<AuditRow> page;
            await using (var session = await database.Read(cancellation))
            {
                page = await session.Query<AuditRow>(Sql.Page, new { after, last, rows = PageRows });
            }

            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            after += PageRows;
        }
    }

    private sealed class Link
    {
        public Link()
        {
        }

        public Link(long number, string hash)
        {
            Number = number;
            Hash = hash;
        }

        public long Number { get; init; }

        public string Hash { get; init; } = "";
    }

    private static class Sql
    {
        public const string Head =
            """
            SELECT number, hash
            FROM audit_head
            """;

        public const string Next =
            """
            SELECT number
            FROM audit_log
            WHERE number > @last
            ORDER BY number
            LIMIT 1
            """;

        public const string Page =
            """
            SELECT number, at, actor, actor_kind, request_id, client_address, action, object, before, after,
                previous_hash, hash
            FROM audit_log
            WHERE number > @after AND number <= @last
            ORDER BY number
            LIMIT @rows
            """;
    }
}

/// <summary>What became of a chain.</summary>
/// <param name="Rows">In order up to here.</param>
/// <param name="Head">The hash of the last; worth noting elsewhere.</param>
/// <param name="FirstBroken">The number of the first row that is not as it was written; null when all are.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record AuditVerdict(long Rows, string Head, long? FirstBroken, string? Fault)
{
    internal static AuditVerdict At(long row, string fault) => new(row - 1, "", row, fault);
}
