using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Notifications.Domain.Webhooks;
using Gatehouse.Notifications.Services.Webhooks;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

/// <summary>Whatever is on the other side, an attempt ends in time, with little read, where it was to go.</summary>
public sealed class WebhookSenderTests
{
    // For what is to end in time; what is to arrive has time even on a busy machine.
    private const int ShortSeconds = 1;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Endpoint_that_accepts_and_hangs_is_left_in_time()
    {
        using var silent = new RawReceiver(async (_, cancellation) =>
            await Task.Delay(Timeout.Infinite, cancellation));

        var (answer, took) = await Send(silent.Url, ShortSeconds);

        Assert.Equal((null, "No answer within 1 s.", true), (answer.HttpStatus, answer.Error, answer.IsHostDown));
        Assert.True(took < Soon, $"It took {took}.");
    }

    [Fact]
    public async Task Header_that_comes_byte_by_byte_is_left_in_time()
    {
        using var loris = new RawReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellation);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), cancellation);
                await Task.Delay(50, cancellation);
            }
        });

        var (answer, took) = await Send(loris.Url, ShortSeconds);

        Assert.Equal("No answer within 1 s.", answer.Error);
        Assert.True(took < Soon, $"It took {took}.");
    }

    [Fact]
    public async Task Body_that_comes_byte_by_byte_is_left_in_time_and_delivered_all_the_same()
    {
        using var loris = new RawReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"u8.ToArray(), cancellation);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), cancellation);
                await Task.Delay(50, cancellation);
            }
        });

        var (answer, took) = await Send(loris.Url, ShortSeconds);

        Assert.True(answer.IsDelivered);
        Assert.StartsWith("xx", answer.Text, StringComparison.Ordinal);
        Assert.True(took < Soon, $"It took {took}.");
    }

    [Fact]
    public async Task Of_10_GB_a_little_is_read_and_the_connection_closed()
    {
        var sent = 0L;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var flood = new RawReceiver(async (stream, cancellation) =>
        {
            try
            {
                await stream.WriteAsync(
                    "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"u8.ToArray(), cancellation);
                var megabyte = new byte[1024 * 1024];
                while (sent < 10_000_000_000)
                {
                    await stream.WriteAsync(megabyte, cancellation);
                    sent += megabyte.Length;
                }
            }
            finally
            {
                closed.TrySetResult();
            }
        });
        var before = GC.GetTotalAllocatedBytes();

        var (answer, took) = await Send(flood.Url);

        await closed.Task.WaitAsync(Soon);
        Assert.True(answer.IsDelivered);
        Assert.Equal(1024, answer.Text!.Length);
        Assert.True(took < Soon, $"It took {took}.");
        // What the systems keep between them on the way; the rest was never taken.
        Assert.InRange(sent, 0, 64 * 1024 * 1024);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task Endless_head_is_cut_off()
    {
        using var flood = new RawReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellation);
            while (true)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-More: {new string('x', 1000)}\r\n"), cancellation);
            }
        });

        Assert.Equal("It did not answer as HTTP says.", (await Send(flood.Url)).Answer.Error);
    }

    [Fact]
    public async Task Compressed_answer_stays_compressed()
    {
        await using var bomb = await WebhookReceiver.Start(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("this is no gzip, and nobody looks");
        });

        Assert.Equal("this is no gzip, and nobody looks", (await Send(bomb.Url)).Answer.Text);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var elsewhere = await WebhookReceiver.Start();
        await using var redirecting = await WebhookReceiver.Start(context =>
        {
            var isMetadata = context.Request.Path == "/hook";
            context.Response.StatusCode = 307;
            context.Response.Headers.Location =
                isMetadata ? "http://169.254.169.254/latest/meta-data/" : elsewhere.Url.AbsoluteUri;
            return Task.CompletedTask;
        });

        foreach (var path in new[] { "/hook", "/other" })
        {
            var (answer, _) = await Send(new Uri(redirecting.Url, path));
            Assert.Equal((307, "It answered 307; redirects are not followed."), (answer.HttpStatus, answer.Error));
        }

        Assert.Empty(elsewhere.Got);
    }

    [Fact]
    public async Task Request_has_the_headers_of_the_specification_and_nothing_of_ours()
    {
        await using var receiver = await WebhookReceiver.Start(context =>
        {
            context.Response.Headers.SetCookie = "session=1";
            return Task.CompletedTask;
        });
        using var activity = new Activity("request").Start();

        await Send(receiver.Url);
        await Send(receiver.Url);

        Assert.All(receiver.Got, got =>
        {
            Assert.Equal(
                ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature",
                    "webhook-timestamp"],
                got.Headers.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("application/json", got.Headers["Content-Type"]);
            Assert.Matches(@"^Gatehouse-Webhooks/\d+\.\d+\.\d+$", got.Headers["User-Agent"]);
        });
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("1.1.1.1", "127.0.0.1")]
    public async Task Name_with_an_address_that_is_not_public_is_not_connected_to(params string[] addresses)
    {
        await using var inside = await WebhookReceiver.Start();
        var url = new Uri($"http://rebound.example:{inside.Url.Port}/");

        var (answer, _) = await Send(
            url, allowed: [], lookup: (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));

        Assert.Equal("Its host leads to an address that is not public.", answer.Error);
        Assert.True(answer is { IsForbidden: true, IsHostDown: false });
        Assert.Empty(inside.Got);
    }

    [Fact]
    public async Task Name_of_this_machine_is_looked_up_and_refused()
    {
        await using var inside = await WebhookReceiver.Start();

        var (answer, _) = await Send(
            new Uri($"http://localhost:{inside.Url.Port}/"), allowed: [], lookup: Dns.GetHostAddressesAsync);

        Assert.True(answer.IsForbidden);
        Assert.Empty(inside.Got);
    }

    [Fact]
    public async Task Connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once()
    {
        await using var inside = await WebhookReceiver.Start();
        var asked = 0;

        // The second answer would be another: an attacker's name server decides at each question.
        var (answer, _) = await Send(
            new Uri($"http://rebound.example:{inside.Url.Port}/"),
            allowed: ["127.0.0.2"],
            lookup: (_, _) => Task.FromResult(new[] { IPAddress.Parse(++asked == 1 ? "127.0.0.2" : "127.0.0.1") }));

        Assert.Equal((1, "The connection was refused."), (asked, answer.Error));
        Assert.Empty(inside.Got);
    }

    [Fact]
    public async Task Address_that_leads_nowhere_gives_way_to_the_next()
    {
        await using var receiver = await WebhookReceiver.Start();

        var (answer, _) = await Send(
            new Uri($"http://two.example:{receiver.Url.Port}/"),
            allowed: ["127.0.0.0/8"],
            lookup: (_, _) => Task.FromResult(new[] { IPAddress.Parse("127.0.0.9"), IPAddress.Loopback }));

        Assert.True(answer.IsDelivered, answer.Error);
    }

    [Fact]
    public async Task Name_that_has_no_address_is_a_failure_that_says_so()
    {
        var (answer, _) = await Send(
            new Uri("http://nowhere.example/"),
            lookup: (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal("The name of its host has no address.", answer.Error);
    }

    [Fact]
    public async Task Answer_without_sense_is_shown_without_control_characters()
    {
        await using var receiver = await WebhookReceiver.Start(context =>
            context.Response.Body.WriteAsync(new byte[] { 0x41, 0x00, 0x1B, 0xFF, 0x0A, 0x42 }).AsTask());

        Assert.Equal("A\uFFFD\uFFFD\uFFFD\nB", (await Send(receiver.Url)).Answer.Text);
    }

    private static async Task<(WebhookAnswer Answer, TimeSpan Took)> Send(
        Uri url, int timeoutSeconds = 20, string[]? allowed = null, HostLookup? lookup = null)
    {
        var time = TimeProvider.System;
        var targets = new WebhookTargets(allowed ?? ["127.0.0.1"], ["80"]);
        var connections = new WebhookConnections(targets, lookup ?? Dns.GetHostAddressesAsync, time);
        using var sender = new WebhookSender(
            new WebhooksOptions { TimeoutSeconds = timeoutSeconds }, connections, time);
        var post = new WebhookPost(url, default, Guid.NewGuid(), time.GetUtcNow(), "v1,x", "{}");
        var started = Stopwatch.GetTimestamp();
        var answer = await sender.Send(post, CancellationToken.None);
        return (answer, Stopwatch.GetElapsedTime(started));
    }
}
