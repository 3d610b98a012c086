using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>One request to a gateway, with headers as they are written.</summary>
internal static class Asking
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public static Task<string> Get(this GatewayRig rig, string path, params string[] headers) =>
        Send(rig, "GET", path, headers);

    public static Task<string> Send(this GatewayRig rig, string method, string path, params string[] headers) =>
        RawClient.Exchange(rig.Port,
            $"{method} {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n" +
            string.Concat(headers.Select(header => header + "\r\n")) + "\r\n");

    public static int Status(this string answer) =>
        int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Null: it is not there. Twice: both, by a line.</summary>
    public static string? Header(this string answer, string name)
    {
        var found = answer.Split("\r\n\r\n")[0].Split("\r\n").Skip(1)
            .Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 2)..]).ToList();
        return found.Count == 0 ? null : string.Join('\n', found);
    }

    public static string Bearer(this string token) => $"Authorization: Bearer {token}";

    public static Route Route(RawUpstream upstream, string path = "/{**rest}", params string[] methods) =>
        GatewayRig.RouteTo(upstream.Address) with
        {
            Match = new RouteConditions { Path = PathPattern.Parse(path, out _)!, Methods = methods },
        };
}
