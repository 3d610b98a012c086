using Gatehouse.Contracts.Gateway;
using Gatehouse.Gateway.Registry;

namespace Gatehouse.Gateway.Tests.Registry;

public sealed class RegistryRulesTests
{
    private static readonly RegisterService Good = new("shop", "a", "http://10.0.0.11:8080");

    [Fact]
    public void What_is_not_said_is_as_usual()
    {
        var member = Good.ToDomain().Value;

        Assert.Equal(15, member.LeaseSeconds);
        Assert.Equal(1, member.Weight);
        Assert.Empty(member.Tags);
    }

    [Theory]
    [InlineData("http://10.0.0.11")]
    [InlineData("https://shop.example.org:8443")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("http://2130706433:80")]
    public void An_address_is_scheme_host_and_port(string address) =>
        Assert.False((Good with { Address = address }).ToDomain().Failed(out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.11:8080")]
    [InlineData("ftp://10.0.0.11:8080")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://user@10.0.0.11")]
    [InlineData("http://user:secret@10.0.0.11")]
    [InlineData("http://10.0.0.11/admin")]
    [InlineData("http://10.0.0.11/?a=b")]
    [InlineData("http://10.0.0.11?")]
    [InlineData("http://10.0.0.11#f")]
    [InlineData("http://10.0.0.11:0")]
    [InlineData("http://10.0.0.11:65536")]
    [InlineData("http://10.0.0.11\\@evil")]
    [InlineData("http://10.0.0.11\0:80")]
    [InlineData(" http://10.0.0.11")]
    [InlineData("http://10.0.0.11\r\nX: y")]
    [InlineData("http://*:8080")]
    [InlineData("http://{host}:8080")]
    [InlineData("${file:/etc/passwd}")]
    public void Any_other_address_is_refused(string? address) => AssertFault(Good with { Address = address }, "address");

    [Fact]
    public void Everything_has_a_bound()
    {
        AssertFault(Good with { Address = $"http://{new string('a', 300)}" }, "address");
        AssertFault(Good with { Cluster = new string('a', 65) }, "cluster");
        AssertFault(Good with { Cluster = "../admin" }, "cluster");
        AssertFault(Good with { Id = "a\0" }, "id");
        AssertFault(Good with { Id = "" }, "id");
        AssertFault(Good with { Weight = -1 }, "weight");
        AssertFault(Good with { Weight = 1_001 }, "weight");
        AssertFault(Good with { LeaseSeconds = 4 }, "leaseSeconds");
        AssertFault(Good with { LeaseSeconds = -15 }, "leaseSeconds");
        AssertFault(Good with { LeaseSeconds = 301 }, "leaseSeconds");
        AssertFault(Good with { Tags = [.. Enumerable.Range(0, 17).Select(i => $"t{i}")] }, "tags");
        AssertFault(Good with { Tags = [new string('t', 65)] }, "tags");
        AssertFault(Good with { Tags = [""] }, "tags");
        AssertFault(Good with { Tags = ["a b"] }, "tags");
        AssertFault(Good with { Tags = [null!] }, "tags");
        AssertFault(Good with { HealthPath = "health" }, "healthPath");
        AssertFault(Good with { HealthPath = "/a b" }, "healthPath");
        AssertFault(Good with { HealthPath = "/" + new string('a', 200) }, "healthPath");
    }

    private static void AssertFault(RegisterService said, string field)
    {
        Assert.True(said.ToDomain().Failed(out var problem));
        Assert.Equal([field], problem.Errors.Keys);
    }
}
