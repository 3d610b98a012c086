using System.Runtime.InteropServices;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Where something stands in the file; line and column from 1, the column in characters.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(int Line, int Column, int Length = 1);

/// <summary>One fault, before it is shown.</summary>
internal sealed record FileFault(Rule Rule, Place At, string Path, string Message, string? Hint = null);

/// <summary>Collects faults; of a file that is wrong all over, the first ones.</summary>
internal sealed class FileFaults
{
    public const int CountMax = 1_000;

    private readonly List<FileFault> faults = [];

    public int Count => faults.Count;

    /// <summary>In the order they stand in the file.</summary>
    public IReadOnlyList<FileFault> Ordered =>
        [.. faults.OrderBy(fault => fault.At.Line).ThenBy(fault => fault.At.Column)
            .ThenBy(fault => fault.Rule.Id, StringComparer.Ordinal)];

    public void Add(Rule rule, Place at, string path, string message, string? hint = null)
    {
        if (faults.Count < CountMax)
        {
            faults.Add(new FileFault(rule, at, path, message, hint));
        }
    }

    public void Add(Rule rule, Node node, string message, string? hint = null)
    {
        if (node is not LostNode)
        {
            Add(rule, node.At, node.Path, message, hint);
        }
    }
}
