using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Kernel;

/// <summary>Either a value or the <see cref="Problem"/> that stands in its place.</summary>
public readonly struct Result<T>
{
    private readonly T value;

    private Result(T value, Problem? problem)
    {
        this.value = value;
        Problem = problem;
    }

    public Problem? Problem { get; }

    /// <summary>The value; asking for it when there is a problem is a bug and throws.</summary>
    public T Value => Problem is null ? value : throw new InvalidOperationException($"No value: {Problem.Code.Name}.");

    public bool Failed([NotNullWhen(true)] out Problem? problem)
    {
        problem = Problem;
        return problem is not null;
    }

    public Result<TOther> Map<TOther>(Func<T, TOther> change) => Problem is null ? change(value) : Problem;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default!, problem);
}

/// <summary>The value of an act that answers nothing.</summary>
public readonly record struct Done;
