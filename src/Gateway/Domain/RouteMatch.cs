using System.Runtime.CompilerServices;

namespace Gatehouse.Gateway.Domain;

/// <summary>The route of a request and what its parameters took of the path; no route: <c>default</c>.</summary>
internal readonly record struct RouteMatch(Route? Route, Captures Captures)
{
    /// <summary>The parameter's value in the canonical path it was matched with; empty when there is none.</summary>
    public ReadOnlySpan<char> Value(ReadOnlySpan<char> path, ReadOnlySpan<char> parameter)
    {
        var names = Route?.Match.Path.Parameters ?? [];
        for (var i = 0; i < names.Count; i++)
        {
            if (parameter.SequenceEqual(names[i]))
            {
                return path[Captures[i]];
            }
        }

        return [];
    }
}

/// <summary>Places in the path, in the order of the parameters; a value, so that a match allocates nothing.</summary>
internal struct Captures : IEquatable<Captures>
{
    private Places places;

    public Range this[int index]
    {
        readonly get => places[index];
        set => places[index] = value;
    }

    public readonly bool Equals(Captures other)
    {
        for (var i = 0; i < PathPattern.ParametersMax; i++)
        {
            if (!places[i].Equals(other.places[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override readonly bool Equals(object? obj) => obj is Captures other && Equals(other);

    public override readonly int GetHashCode() => places[0].GetHashCode();

    [InlineArray(PathPattern.ParametersMax)]
    private struct Places
    {
        private Range first;
    }
}
