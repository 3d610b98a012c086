using System.Diagnostics;
using System.Text;
using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;

namespace Gatehouse.Bench.Login;

/// <summary>Wrong passwords, one after another, of accounts and of nobody in random order.</summary>
internal static class Guesses
{
    private const int WarmUp = 50;
    private const int Refused = 401;

    public static LoginTiming Measure(BoxOffice office, int cost, int samples)
    {
        var random = new Random(1);
        var (known, unknown) = (new List<long>(), new List<long>());
        var answers = new HashSet<string>(StringComparer.Ordinal);
        using var connection = new LoadConnection(office.Endpoint);
        var warmUp = Math.Min(WarmUp, samples);
        for (var pair = -warmUp; pair < samples; pair++)
        {
            var knownFirst = random.Next(2) == 0;
            foreach (var isKnown in new[] { knownFirst, !knownFirst })
            {
                var email = isKnown
                    ? BoxOffice.EmailOf(random.Next(BoxOffice.Buyers))
                    : $"stray{random.Next(BoxOffice.Buyers)}@bench.example";
                var took = Send(connection, Request(office, email));
                answers.Add(WithoutDate(connection.Answer));
                if (pair >= 0)
                {
                    (isKnown ? known : unknown).Add(took);
                }
            }
        }

        return new LoginTiming(
            cost, samples, Median(known), Median(unknown), MannWhitney.P(known, unknown), answers.Count == 1);
    }

    private static long Send(LoadConnection connection, byte[] request)
    {
        var sent = Stopwatch.GetTimestamp();
        connection.Send(request, sent);
        while (!connection.Receive())
        {
        }

        var took = Stopwatch.GetTimestamp() - sent;
        return connection.Status == Refused
            ? took
            : throw new InvalidOperationException($"A wrong password was answered: {connection.Answer}");
    }

    // Always the same ids, so that nothing in two answers may differ.
    private static byte[] Request(BoxOffice office, string email)
    {
        var body = $$"""{"email":"{{email}}","password":"not the password"}""";
        var text = $"""
            POST /auth/login HTTP/1.1
            Host: {office.Endpoint}
            X-Request-Id: 0123456789abcdef
            traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
            Content-Type: application/json
            Content-Length: {body.Length}

            {body}
            """;
        return Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"));
    }

    private static string WithoutDate(string answer) => string.Join(
        "\r\n", answer.Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));

    private static double Median(List<long> samples)
    {
        samples.Sort();
        return Stopwatch.GetElapsedTime(0, samples[samples.Count / 2]).TotalMilliseconds;
    }
}
