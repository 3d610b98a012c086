namespace Gatehouse.Kernel;

/// <summary>One part of a list: by number with the total, or by cursor with the way on.</summary>
/// <param name="Items">In the order of the list.</param>
/// <param name="Limit">How many were asked for, 1 to 100.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Limit)
{
    /// <summary>The page's number, from 1; absent when read by cursor.</summary>
    public int? Number { get; init; }

    /// <summary>How many there are in all; absent when read by cursor.</summary>
    public long? Total { get; init; }

    /// <summary>Ask with it for what follows; absent at the end.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>
/// Which part of a list is asked for: a page by number, or what follows a cursor (the start when it is null).
/// </summary>
public sealed record PageRequest(int Limit, int? Number, Cursor? After)
{
    public const int LimitMax = 100;
    public const int LimitDefault = 20;
    public const int NumberMax = 10_000;

    public int Offset => ((Number ?? 1) - 1) * Limit;
}
