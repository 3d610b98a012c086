using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>What both formatters read from a log entry besides its message.</summary>
internal static class LogLine
{
    /// <summary>
    /// The values of our scopes, the inner winning, and the trace where no scope names it; none of them null.
    /// </summary>
    public static List<KeyValuePair<string, object>> ScopeValues(IExternalScopeProvider? scopes)
    {
        var values = new List<KeyValuePair<string, object>>();
        scopes?.ForEachScope(static (scope, values) =>
        {
            if (scope is LogScope ours)
            {
                Take(ours, values);
            }
        }, values);

        if (Activity.Current is { } activity && IndexOf(values, "traceId") < 0)
        {
            values.Add(new("traceId", activity.TraceId.ToHexString()));
        }

        return values;
    }

    private static void Take(LogScope scope, List<KeyValuePair<string, object>> values)
    {
        for (var i = 0; i < scope.Count; i++)
        {
            var (name, value) = scope[i];
            if (IndexOf(values, name) is >= 0 and var outer)
            {
                values.RemoveAt(outer);
            }

            if (value is not null)
            {
                values.Add(new(name, value));
            }
        }
    }

    private static int IndexOf(List<KeyValuePair<string, object>> values, string name)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Key == name)
            {
                return i;
            }
        }

        return -1;
    }

    public static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
