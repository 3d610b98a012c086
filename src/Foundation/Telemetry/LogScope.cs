using System.Collections;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>
/// Values that stand on every log line written inside the scope. Other scopes, the framework's among them, are not
/// shown.
/// </summary>
public abstract class LogScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    public abstract int Count { get; }

    public abstract KeyValuePair<string, object?> this[int index] { get; }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
