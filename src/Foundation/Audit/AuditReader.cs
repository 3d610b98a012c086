using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Audit;

/// <summary>Reads the chains of the modules of this process together, newest first.</summary>
internal sealed class AuditReader(IEnumerable<MigratedDatabase> databases)
{
    private const string Columns =
        """
        SELECT number, at, actor, actor_kind, request_id, client_address, action, object, before, after, hash
        FROM audit_log
        WHERE (at, number) < (@at, @number) AND at >= @from
        """;

    private const string AnyAction = " AND (@anyAction OR action = @action)";

    private const string Rest =
        """

        ORDER BY at DESC, number DESC
        LIMIT @rows
        """;

    /// <summary>
    /// Rows of one instant are ordered by number, then by module, so that a cursor is a place in all chains at once.
    /// </summary>
    public async Task<Page<AuditView>> List(AuditQuery query, CancellationToken cancellation)
    {
        var found = new List<AuditView>();
        foreach (var (database, _) in databases.Where(d => query.Module is null || d.Database.Name == query.Module))
        {
            found.AddRange(await Read(database, query, cancellation));
        }

        var items = found.OrderByDescending(row => row.At).ThenByDescending(row => row.Number)
            .ThenBy(row => row.Module, StringComparer.Ordinal).Take(query.Limit).ToList();
        return new Page<AuditView>(items, query.Limit)
        {
            NextCursor = found.Count > items.Count
                ? new Cursor(items[^1].At, Place.Of(items[^1].Module, items[^1].Number)).ToString()
                : null,
        };
    }

    private static async Task<IEnumerable<AuditView>> Read(
        Database database, AuditQuery query, CancellationToken cancellation)
    {
        // The start stands right before the first row of the end of the time asked for.
        var (at, number) = query.After is { } after && after.At < query.To
            ? (after.At.ToMicroseconds(), Place.NumberFor(database.Name, after.Id))
            : (query.To, 0L);
        await using var session = await database.Read(cancellation);
        var sql = query switch
        {
            { Object: not null } => Sql.OfObject,
            { Actor: not null } => Sql.OfActor,
            { Action: not null } => Sql.OfAction,
            _ => Sql.All,
        };
        var rows = await session.Query<Row>(sql, new
        {
            at,
            number,
            from = query.From,
            anyAction = query.Action is null,
            action = query.Action ?? "",
            @object = query.Object ?? "",
            anyActor = query.Actor is null,
            actor = query.Actor ?? Guid.Empty,
            rows = query.Limit + 1,
        });
        return rows.Select(row => row.ToContract(database.Name));
    }

    /// <summary>Number and module in the shape of the id of a cursor.</summary>
    private static class Place
    {
        private const int ModuleBytes = 8;

        public static Guid Of(string module, long number)
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
            Encoding.ASCII.GetBytes(Short(module), bytes[ModuleBytes..]);
            return new Guid(bytes, bigEndian: true);
        }

        /// <summary>The number that rows of the module at the cursor's instant must be under.</summary>
        public static long NumberFor(string module, Guid place)
        {
            Span<byte> bytes = stackalloc byte[16];
            place.TryWriteBytes(bytes, bigEndian: true, out _);
            var number = BinaryPrimitives.ReadInt64BigEndian(bytes);
            var last = Encoding.ASCII.GetString(bytes[ModuleBytes..]).TrimEnd('\0');
            return number < long.MaxValue && string.CompareOrdinal(Short(module), last) > 0 ? number + 1 : number;
        }

        private static string Short(string module) => module[..Math.Min(module.Length, ModuleBytes)];
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public DateTimeOffset At { get; init; }

        public Guid? Actor { get; init; }

        public string ActorKind { get; init; } = "";

        public string? RequestId { get; init; }

        public string? ClientAddress { get; init; }

        public string Action { get; init; } = "";

        public string Object { get; init; } = "";

        public string? Before { get; init; }

        public string? After { get; init; }

        public string Hash { get; init; } = "";

        public AuditView ToContract(string module) => new(
            module, Number, At, Actor, ActorKind, RequestId, ClientAddress, Action, Object,
            Json(Before), Json(After), Hash);

        private static JsonElement? Json(string? text) =>
            text is null ? null : JsonElement.Parse(text);
    }

    private static class Sql
    {
        public const string All = Columns + Rest;

        // Each is read from an index of its own.
        public const string OfAction = Columns + " AND action = @action" + Rest;

        public const string OfActor = Columns + " AND actor = @actor" + AnyAction + Rest;

        public const string OfObject =
            Columns + " AND object = @object AND (@anyActor OR actor = @actor)" + AnyAction + Rest;
    }
}

/// <summary>One row of the audit log.</summary>
/// <param name="Module">Whose chain it is of.</param>
/// <param name="Number">Its place there, from 1 without gaps.</param>
/// <param name="At">When it was written.</param>
/// <param name="Actor">The account; absent for the program, a command and someone who has not signed in.</param>
/// <param name="ActorKind"><c>user</c>, <c>system</c> or <c>command</c>.</param>
/// <param name="RequestId">Of the request, as in its answer and in the log.</param>
/// <param name="ClientAddress">Where the request came from.</param>
/// <param name="Action">Such as <c>event.cancelled</c>.</param>
/// <param name="Object">Such as <c>event/</c> and its id.</param>
/// <param name="Before">What it was, where that matters; of a change only what differs.</param>
/// <param name="After">What it became.</param>
/// <param name="Hash">SHA-256 over this row and the hash before it.</param>
internal sealed record AuditView(
    string Module,
    long Number,
    DateTimeOffset At,
    Guid? Actor,
    string ActorKind,
    string? RequestId,
    string? ClientAddress,
    string Action,
    string Object,
    JsonElement? Before,
    JsonElement? After,
    string Hash);
