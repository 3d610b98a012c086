using System.Text;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// The query with a route's changes. What they do not name stays as it came, byte for byte and in its place: "a=1&amp;&amp;b" is
/// for the destination to make sense of.
/// </summary>
internal static class QueryRewrite
{
    // RFC 3986, query, without what parts parameters or stands for a space.
    private const string PlainOfValue = "-._~!$'()*,;:@/?";

    // What a path's parameter took is canonical: a percent sign begins %2F or %25 already.
    private const string PlainOfTaken = PlainOfValue + "%";

    /// <param name="target">With nothing of the query yet.</param>
    /// <param name="query">As it came, without the question mark.</param>
    public static void Append(StringBuilder target, ReadOnlySpan<char> query, string path, in RouteMatch match)
    {
        var start = target.Append('?').Length;
        var changes = match.Route!.Transforms.Query;
        Span<bool> done = changes.Count <= 150 ? stackalloc bool[changes.Count] : new bool[changes.Count];
        foreach (var range in query.Split('&'))
        {
            var piece = query[range];
            var change = query.Length == 0 ? -1 : IndexOf(changes, piece);
            if (query.Length == 0 || (change >= 0 && (changes[change].Action == HeaderAction.Remove || done[change])))
            {
                continue;
            }

            Part(target, start);
            if (change < 0)
            {
                target.Append(piece);
            }
            else
            {
                Write(target, changes[change], path, in match);
                done[change] = true;
            }
        }

        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Action != HeaderAction.Remove && !done[i])
            {
                Part(target, start);
                Write(target, changes[i], path, in match);
            }
        }

        if (target.Length == start)
        {
            target.Length--;
        }
    }

    private static void Part(StringBuilder target, int start)
    {
        if (target.Length > start)
        {
            target.Append('&');
        }
    }

    // What is added beside touches nothing that came.
    private static int IndexOf(IReadOnlyList<QueryChange> changes, ReadOnlySpan<char> piece)
    {
        var equals = piece.IndexOf('=');
        var sent = equals < 0 ? piece : piece[..equals];
        var name = sent.ContainsAny('%', '+') ? Uri.UnescapeDataString(sent.ToString().Replace('+', ' ')) : null;
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Action != HeaderAction.Append && (name ?? sent).SequenceEqual(changes[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Write(StringBuilder target, QueryChange change, string path, in RouteMatch match)
    {
        Rewrite.Encode(target, change.Name, PlainOfValue);
        target.Append('=');
        var value = change.Value!;
        for (var at = 0; at < value.Length;)
        {
            var open = value.IndexOf('{', at);
            var end = open < 0 ? -1 : value.IndexOf('}', open);
            if (end < 0)
            {
                Rewrite.Encode(target, value.AsSpan(at), PlainOfValue);
                return;
            }

            Rewrite.Encode(target, value.AsSpan(at, open - at), PlainOfValue);
            var name = value.AsSpan(open + 1, end - open - 1).TrimStart('*');
            Rewrite.Encode(target, match.Value(path, name), PlainOfTaken);
            at = end + 1;
        }
    }
}
