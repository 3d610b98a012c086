using Gatehouse.Kernel;

namespace Gatehouse.Contracts;

/// <summary>
/// A list on the wire: either <c>page</c> and <c>total</c>, or <c>nextCursor</c> while there is more.
/// </summary>
public sealed record ListAnswer<T>(IReadOnlyList<T> Items, int Limit, int? Page, long? Total, string? NextCursor)
{
    public static ListAnswer<T> From(Page<T> page) =>
        new(page.Items, page.Limit, page.Number, page.Total, page.NextCursor);
}
