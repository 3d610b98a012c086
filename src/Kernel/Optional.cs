namespace Gatehouse.Kernel;

/// <summary>A field of a merge-patch: absent (leave it), or given, perhaps as null (clear it).</summary>
public readonly record struct Optional<T>(T Given)
{
    public bool IsGiven { get; } = true;

    /// <summary>What is given, else what there is.</summary>
    public T Or(T current) => IsGiven ? Given : current;

    public static implicit operator Optional<T>(T given) => new(given);
}
