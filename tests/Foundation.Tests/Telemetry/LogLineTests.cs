using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Gatehouse.Foundation.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Tests.Telemetry;

public sealed class LogLineTests
{
    private const string Nasty = "a\r\nFAKE\u001b[31m\u009b\u0085\u2028\u0000\"}\ud800\u202eend";

    [Fact]
    public void A_json_line_cannot_be_split_by_what_it_holds()
    {
        using var log = new FormattedLog(new JsonLineFormatter(TimeProvider.System));

        log.LogInformation("Name is {Name} and {Other}", Nasty, null);

        AssertOneLine(log.Text);
        var line = JsonDocument.Parse(log.Text).RootElement;
        Assert.Contains("FAKE", line.GetProperty("message").GetString(), StringComparison.Ordinal);
        var properties = line.GetProperty("properties");
        Assert.StartsWith("a\r\nFAKE", properties.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, properties.GetProperty("other").ValueKind);
    }

    [Fact]
    public void A_readable_line_cannot_be_split_by_what_it_holds()
    {
        using var log = new FormattedLog(new ReadableLineFormatter(TimeProvider.System));
        using var scope = log.BeginScope(new RequestLogScope(new DefaultHttpContext { TraceIdentifier = Nasty }));

        log.LogWarning("Name is {Name}", Nasty);

        AssertOneLine(log.Text);
        Assert.Contains("warn  Gatehouse.Door: Name is a\\r\\nFAKE\\u001b[31m", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_line_says_when_what_and_whose_request()
    {
        var context = new DefaultHttpContext { TraceIdentifier = "00ff00ff00ff00ff" };
        using var log = new FormattedLog(new JsonLineFormatter(TimeProvider.System));
        using var request = new RequestLogScope(context);
        using var scope = log.BeginScope(request);
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "0198c0de")]));

        log.Log(LogLevel.Error, new EventId(7, "Closed"),
            "{Count} places at {Price} in {Hall}, {Open}", 3, 1.5m, 'A', true);

        var line = JsonDocument.Parse(log.Text).RootElement;
        Assert.Equal("3 places at 1.5 in A, True", line.GetProperty("message").GetString());
        Assert.Equal(("error", "Gatehouse.Door", 7, "Closed"), (
            line.GetProperty("level").GetString(),
            line.GetProperty("logger").GetString(),
            line.GetProperty("eventId").GetInt32(),
            line.GetProperty("event").GetString()));
        Assert.Equal(("00ff00ff00ff00ff", "0198c0de"), (
            line.GetProperty("requestId").GetString(), line.GetProperty("userId").GetString()));
        Assert.Equal("""{"count":3,"price":1.5,"hall":"A","open":true}""", line.GetProperty("properties").GetRawText());
        var written = DateTimeOffset.Parse(line.GetProperty("time").GetString()!, CultureInfo.InvariantCulture);
        Assert.InRange(TimeProvider.System.GetUtcNow() - written, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void An_exception_stays_on_its_json_line()
    {
        using var log = new FormattedLog(new JsonLineFormatter(TimeProvider.System));

        log.LogError(Thrown(), "It failed");

        AssertOneLine(log.Text);
        var exception = JsonDocument.Parse(log.Text).RootElement.GetProperty("exception").GetString();
        Assert.Contains("at Gatehouse.", exception, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lines_of_a_readable_exception_are_indented_so_that_none_passes_for_an_entry()
    {
        using var log = new FormattedLog(new ReadableLineFormatter(TimeProvider.System));

        log.LogError(Thrown(), "It failed");

        var lines = log.Text.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length > 2);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', log.Text);
    }

    [Fact]
    public void A_scope_that_outlives_its_request_keeps_its_values_and_takes_no_others()
    {
        var context = new DefaultHttpContext { TraceIdentifier = "first" };
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ann")]));
        using var log = new FormattedLog(new JsonLineFormatter(TimeProvider.System));
        var request = new RequestLogScope(context);
        using var scope = log.BeginScope(request);
        request.Dispose();
        context.TraceIdentifier = "second";
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "bob")]));

        log.LogInformation("Late");

        Assert.Contains("""
            "requestId":"first","userId":"ann"
            """, log.Text, StringComparison.Ordinal);
    }

    private static void AssertOneLine(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text[..^1], c => char.IsControl(c) || c is '\u2028' or '\u2029');
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("first\r\n12:00:00.000 info  Gatehouse.Door: FAKE\u001b[0m");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
