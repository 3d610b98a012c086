using Gatehouse.Foundation.Data;

namespace Gatehouse.Notifications.Sql;

/// <summary>Many ids as one parameter, <c>@ids</c>: an array, or what <c>json_each</c> of SQLite takes apart.</summary>
internal static class IdList
{
    public static object Of(DbSession session, IEnumerable<Guid> ids) => session.IsPostgres
        ? new { ids = ids.ToArray() }
        : new { ids = $"[{string.Join(',', ids.Select(id => $"\"{id}\""))}]" };
}
