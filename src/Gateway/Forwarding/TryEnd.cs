using System.Runtime.InteropServices;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What comes after a try.</summary>
internal enum TryNext
{
    /// <summary>Nothing: it is answered.</summary>
    Answered,
    Again,

    /// <summary>The gateway's own answer, or a fallback: to ask another cluster is safe.</summary>
    GiveWay,

    /// <summary>The gateway's own answer, or a static one in its place: it may have been carried out.</summary>
    Refuse,
}

/// <param name="Wait">Before the next.</param>
/// <param name="Problem">Null: it was let in nowhere.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TryEnd(TryNext Next, TimeSpan Wait, Problem? Problem)
{
    public static readonly TryEnd Answered;
    public static readonly TryEnd Unsent = new(TryNext.GiveWay, default, null);

    public static TryEnd Again(TimeSpan wait) => new(TryNext.Again, wait, null);
}
