using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Framing;

/// <summary>Nothing is ever read as a second request behind us.</summary>
public sealed class FramingTests
{
    private const string LastLine = "GET /last HTTP/1.1";
    private const string Last = LastLine + "\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Each_is_refused_or_arrives_as_the_one_request_it_is()
    {
        using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        var wrong = new List<string>();

        foreach (var example in FramingCases.All)
        {
            upstream.Requests.Clear();
            var answer = await Answer(rig.Port, example.Bytes);
            if (Fault(example, answer, [.. upstream.Requests]) is { } fault)
            {
                wrong.Add($"{example.Name}: {fault}");
            }
        }

        Assert.True(FramingCases.All.Count >= 100, "There are too few cases.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    // After the answer another request: what was left of the first would be read before it.
    private static async Task<string> Answer(int port, string bytes)
    {
        using var client = await RawClient.Connect(port);
        await client.Send(bytes);
        await client.ReadAnswer();
        var answer = client.Received;
        try
        {
            await client.Send(Last);
            await client.ReadToEnd();
        }
        catch (IOException)
        {
            // The gateway has closed: it reads no more.
        }

        return answer;
    }

    // What the next server would go by: one length, and the right one.
    private static string? FramingFault(RawRequest request)
    {
        var said = request.Head.Split("\r\n").Skip(1).Where(line =>
            line.TrimStart().StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase) ||
            line.TrimStart().StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).ToList();
        string[] right = [$"Content-Length: {request.Body.Length}", "Transfer-Encoding: chunked"];
        var isRight = said.Count == 0 ? request.Body.Length == 0 : said.Count == 1 && right.Contains(said[0]);
        return isRight ? null : $"arrived with {string.Join(" and ", said)}, and {request.Body.Length} bytes";
    }

    private static string? Fault(FramingCase example, string answer, IReadOnlyList<RawRequest> requests)
    {
        var status = answer.Length > 12 && answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            ? answer[9..12]
            : "none";
        if (requests.Any(request => request.IsWhole && request.Line.Contains("/smuggled", StringComparison.Ordinal)))
        {
            return "read as two";
        }

        var whole = requests.Where(request => request.IsWhole && request.Line != LastLine).ToList();
        if (whole.Count == 0)
        {
            return example.MayRefuse && (status[0] == '4' || status == "505")
                ? null
                : $"answered {status}, nothing arrived";
        }

        if (whole.Select(FramingFault).FirstOrDefault(fault => fault is not null) is { } framing)
        {
            return framing;
        }

        if (example.Line is null)
        {
            return $"arrived as {whole[0].Line} with {whole[0].Body.Length} bytes, answered {status}";
        }

        return whole.Count == 1 && whole[0].Line == example.Line && whole[0].Body == example.Body && status == "200"
            ? null
            : $"arrived {whole.Count} times, as {whole[0].Line} with {whole[0].Body}, answered {status}";
    }
}
