using System.Collections.Frozen;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Registry;
using static Gatehouse.Gateway.Tests.Registry.Members;

namespace Gatehouse.Gateway.Tests.Registry;

public sealed class IntakeTests
{
    private static readonly Cluster Open = new()
    {
        Id = "orders",
        Destinations = [new Destination("own", new Uri("http://127.0.0.1:1"))],
        Registry = new RegistryRule("shop", []),
    };

    [Fact]
    public void A_cluster_without_registry_takes_nobody_in()
    {
        var closed = Open with { Registry = null };

        Assert.False(Intake.IsOpen(SnapshotOf(closed), "shop"));
        Assert.False(Intake.IsOpen(SnapshotOf(closed), "orders"));
        Assert.Empty(Ids(closed, Of("shop", "a"), Of("orders", "b")));
    }

    [Fact]
    public void Taken_in_is_who_registered_under_its_name_and_has_no_id_of_the_file()
    {
        Assert.True(Intake.IsOpen(SnapshotOf(Open), "shop"));
        Assert.Equal(["a"], Ids(Open, Of("shop", "a"), Of("orders", "b"), Of("shop", "own")));
    }

    [Fact]
    public void Tags_of_the_file_must_all_be_there()
    {
        var tagged = Open with { Registry = new RegistryRule("shop", ["v2", "zone=a"]) };

        Assert.Equal(
            ["b"],
            Ids(tagged, Of("shop", "a", tags: ["v2"]), Of("shop", "b", tags: ["eu", "zone=a", "v2"]), Of("shop", "c")));
    }

    [Fact]
    public void Where_clients_choose_the_host_nobody_is_reached_over_TLS()
    {
        var secure = Of("shop", "tls") with { Address = new Uri("https://127.0.0.1:2") };
        Assert.Equal(["a", "tls"], Ids(Open, Of("shop", "a"), secure));

        var route = new Route
        {
            Id = "all",
            Match = new RouteConditions { Path = PathPattern.Parse("/{**rest}", out _)! },
            Cluster = Open,
            Transforms = new Transforms { KeepHost = true },
        };

        Assert.Equal(["a"], Intake.Of(Open, SnapshotOf(Open, route), [Stored(Of("shop", "a")), Stored(secure)])
            .Select(destination => destination.Id));
    }

    private static IEnumerable<string> Ids(Cluster cluster, params Member[] members) => Intake
        .Of(cluster, SnapshotOf(cluster), [.. members.Select(member => Stored(member))])
        .Select(destination => destination.Id);

    private static Snapshot SnapshotOf(Cluster cluster, params Route[] routes) => new(
        1, "", RouteTable.Of(routes),
        new[] { cluster }.ToFrozenDictionary(one => one.Id, StringComparer.Ordinal));
}
