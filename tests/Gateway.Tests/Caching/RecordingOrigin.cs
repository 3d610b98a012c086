using System.Globalization;
using System.Text;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Caching;

/// <summary>Answers in turn what a test says, the last again and again; bodies are numbered.</summary>
internal sealed class RecordingOrigin : IDisposable
{
    private readonly RawUpstream upstream;
    private readonly TimeProvider time;
    private readonly string[] answers;
    private int count;

    /// <param name="answers">
    /// Status and headers, parted by <c>|</c>: <c>200|Cache-Control: max-age=60</c>. Date and length are added;
    /// <c>{-10}</c> is the moment ten seconds ago.
    /// </param>
    public RecordingOrigin(TimeProvider time, params string[] answers)
    {
        this.time = time;
        this.answers = answers;
        upstream = new RawUpstream(Serve);
    }

    public Uri Address => upstream.Address;

    public int Count => Volatile.Read(ref count);

    public IReadOnlyList<RawRequest> Requests => [.. upstream.Requests];

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Door { get; set; }

    public void Dispose() => upstream.Dispose();

    private async Task Serve(RawConnection connection)
    {
        while (await connection.ReadRequest() is { } request)
        {
            var number = Interlocked.Increment(ref count);
            if (Door is { } door)
            {
                await door.Task;
            }

            await connection.Write(Text(answers[Math.Min(number, answers.Length) - 1], number, request));
        }
    }

    private string Text(string answer, int number, RawRequest request)
    {
        var parts = answer.Split('|');
        var text = new StringBuilder($"HTTP/1.1 {parts[0]} Some\r\n");
        var body = parts[0] is "304" or "204" ? "" : $"body {number}";
        foreach (var header in parts.Skip(1))
        {
            text.Append(Dated(header)).Append("\r\n");
        }

        if (!answer.Contains("Date:", StringComparison.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"Date: {time.GetUtcNow():R}\r\n");
        }

        return body.Length == 0 && parts[0] is "304" or "204"
            ? text.Append("\r\n").ToString()
            : text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")
                .Append(request.Line.StartsWith("HEAD", StringComparison.Ordinal) ? "" : body).ToString();
    }

    private string Dated(string header)
    {
        var open = header.IndexOf('{', StringComparison.Ordinal);
        return open < 0
            ? header
            : header[..open] + time.GetUtcNow().AddSeconds(
                int.Parse(header[(open + 1)..header.IndexOf('}', StringComparison.Ordinal)],
                    CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture);
    }
}
