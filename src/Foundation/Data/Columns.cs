namespace Gatehouse.Foundation.Data;

/// <summary>Turns rows into columns, as <c>unnest</c> takes them.</summary>
public static class Columns
{
    public static TColumn[] Column<TRow, TColumn>(this IReadOnlyList<TRow> rows, Func<TRow, TColumn> pick)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = pick(rows[i]);
        }

        return column;
    }
}
