using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gatehouse.Gateway.Telemetry;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Telemetry;

public sealed class MeterTests
{
    [Fact]
    public async Task A_request_is_counted_with_its_tries()
    {
        var seen = new ConcurrentBag<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("gatehouse.gateway.", StringComparison.Ordinal))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((one, value, tags, _) => seen.Add((one.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<long>((one, value, tags, _) => seen.Add((one.Name, value, Text(tags))));
        listener.Start();
        using var upstream = RawUpstream.Answering("HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnone");
        var route = GatewayRig.RouteTo(upstream.Address);
        await using var gateway = await GatewayRig.Start(
            route with { Id = "metered", Cluster = route.Cluster with { Id = "metered" } });
        using var client = new HttpClient();

        await client.PostAsync(gateway.Http1, new ByteArrayContent(new byte[10]));

        string[] expected =
        [
            "gatehouse.gateway.request.duration route=metered status=4xx",
            "gatehouse.gateway.request.active route=metered 1",
            "gatehouse.gateway.request.active route=metered -1",
            "gatehouse.gateway.request.bytes route=metered 10",
            "gatehouse.gateway.response.bytes route=metered 4",
            "gatehouse.gateway.try.duration cluster=metered destination=d1 result=4xx",
        ];
        await Poll.Until(
            () => expected.All(line => seen.Any(one =>
                $"{one.Name} {one.Tags}{(one.Name.EndsWith("duration", StringComparison.Ordinal) ? "" : $" {one.Value}")}" ==
                line)),
            TimeSpan.FromSeconds(5), "all of it to be counted");
    }

    [Fact]
    public void Labels_have_a_bound()
    {
        var names = new Labels.BoundedNames();
        for (var i = 0; i < Labels.CountMax; i++)
        {
            Assert.Equal($"r{i}", names.Of($"r{i}"));
        }

        Assert.Equal(Labels.Other, names.Of("one more"));
        Assert.Equal("r1", names.Of("r1"));
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
