using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What of paths and headers can be read and makes no sense all the same.</summary>
internal sealed class TransformChecks(FileFaults faults)
{
    private const string Authorization = "Authorization";

    // Of the connection, and of what the gateway itself says to destinations.
    private static readonly string[] Reserved =
    [
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Content-Length", "Via", "X-Request-Id", "traceparent",
    ];

    private static readonly string[] SecretWords = ["secret", "token", "password", "api-key", "apikey", "credential"];

    public void Check(Bound? transform, Bound? match)
    {
        if (transform is not null)
        {
            var pattern = match?.Find(RouteKeys.Path);
            CheckRewrite(transform, pattern);
            CheckQuery(transform.Find(PolicyKeys.Query), pattern);
            if (transform.Find(PolicyKeys.SendMethod) is "HEAD")
            {
                faults.Add(Rules.BadMethod, transform.NodeOf(PolicyKeys.SendMethod)!,
                    "an answer to HEAD has no body to pass on");
            }

            CheckHeaders(transform.Find(PolicyKeys.RequestHeaders));
            CheckHeaders(transform.Find(PolicyKeys.ResponseHeaders));
        }

        CheckSecrets(match?.Find(RouteKeys.Headers) ?? []);
    }

    private void CheckRewrite(Bound transform, PathPattern? pattern)
    {
        if (transform.Find(PolicyKeys.RewritePath) is not { } path || pattern is null)
        {
            return;
        }

        var node = transform.NodeOf(PolicyKeys.RewritePath)!;
        if (path[0] != '/')
        {
            faults.Add(Rules.BadText, node, "a path begins with /");
        }

        CheckCaptures(path, node, pattern);
    }

    private void CheckQuery(Bound? query, PathPattern? pattern)
    {
        foreach (var (key, value) in (IReadOnlyList<Named<string>>)
            [.. query?.Find(PolicyKeys.SetQuery) ?? [], .. query?.Find(PolicyKeys.AppendQuery) ?? []])
        {
            if (pattern is not null)
            {
                CheckCaptures(value, key.Value, pattern);
            }

            if (IsSecret(key.Key))
            {
                faults.Add(Rules.SecretInline, key.Value, $"the value of {key.Key} stands in the file",
                    "send it in a header: ${env:NAME} is read there, and addresses are logged");
            }
        }
    }

    private void CheckCaptures(string path, Node node, PathPattern pattern)
    {
        for (var open = path.IndexOf('{', StringComparison.Ordinal); open >= 0;
            open = path.IndexOf('{', open + 1))
        {
            var close = path.IndexOf('}', open);
            var name = close < 0 ? path[(open + 1)..] : path[(open + 1)..close];
            name = name.StartsWith("**", StringComparison.Ordinal) ? name[2..] : name;
            if (close < 0 || !pattern.Parameters.Contains(name))
            {
                faults.Add(Rules.UnknownParameter, node, $"the route's path {pattern} has no {{{name}}}",
                    pattern.Parameters.Count == 0 ? null : $"it has {string.Join(", ", pattern.Parameters)}");
            }
        }
    }

    private void CheckHeaders(Bound? changes)
    {
        CheckSet([.. changes?.Find(PolicyKeys.Set) ?? [], .. changes?.Find(PolicyKeys.Append) ?? []]);
        if (changes?.NodeOf(PolicyKeys.Remove) is ListNode removed)
        {
            foreach (var name in removed.Items.OfType<ScalarNode>())
            {
                CheckReserved(name.Text, name.At, name.Path);
            }
        }
    }

    public void CheckSet(IReadOnlyList<Named<string>> values)
    {
        CheckSecrets(values);
        foreach (var (key, _) in values)
        {
            CheckReserved(key.Key, key.At, key.Value.Path);
        }
    }

    private void CheckReserved(string header, Place at, string path)
    {
        if (Reserved.Contains(header, StringComparer.OrdinalIgnoreCase))
        {
            faults.Add(Rules.HeaderReserved, at, path, $"{header} belongs to the connection or to the gateway",
                header.Equals("Host", StringComparison.OrdinalIgnoreCase) ? "use transform.keepHost" : null);
        }
    }

    private void CheckSecrets(IReadOnlyList<Named<string>> headers)
    {
        foreach (var (key, _) in headers)
        {
            var isSecret = key.Key.EndsWith(Authorization, StringComparison.OrdinalIgnoreCase) ||
                key.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase) || IsSecret(key.Key);
            if (isSecret && key.Value is ScalarNode value && value.Text != "*" &&
                !value.Text.Contains("${", StringComparison.Ordinal))
            {
                faults.Add(Rules.SecretInline, value, $"the value of {key.Key} stands in the file",
                    "write ${env:NAME} or ${file:path}");
            }
        }
    }

    private static bool IsSecret(string name) =>
        SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
