using Gatehouse.Foundation.Configuration;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Services;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Gateway.Tests.Services;

public sealed class FollowTests
{
    private readonly string folder = ScratchFolder.Create();
    private readonly Snapshots snapshots = new();

    private string File => Path.Combine(folder, "gateway.yaml");

    [Fact]
    public async Task A_start_with_a_broken_file_is_refused_and_all_faults_are_named()
    {
        Write(File, "one");
        await System.IO.File.AppendAllTextAsync(File, "x: 1\ny: 2\n", Token);
        using var config = Config();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => config.Load(Token));

        Assert.Contains("x is no key of file [unknown-key]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("y is no key of file [unknown-key]", refusal.Message, StringComparison.Ordinal);
        Assert.Same(Snapshot.Empty, snapshots.Current);
    }

    [Fact]
    public async Task A_changed_file_is_taken_and_a_broken_one_is_not()
    {
        Write(File, "one");
        using var config = Config();
        await config.Load(Token);
        var first = snapshots.Current;

        Write(File, "two");
        await config.Follow(Token);
        var second = snapshots.Current;
        await System.IO.File.WriteAllTextAsync(File, "routes: {", Token);
        await config.Follow(Token);

        Assert.Equal((1, "one"), (first.Revision, first.Routes.Routes[0].Id));
        Assert.Equal((2, "two"), (second.Revision, second.Routes.Routes[0].Id));
        Assert.Same(second, snapshots.Current);
        Assert.Equal("syntax", config.State.Refusal!.Report.Faults[0].Rule);

        Write(File, "three");
        await config.Follow(Token);
        Assert.Equal("three", snapshots.Current.Routes.Routes[0].Id);
        Assert.Null(config.State.Refusal);
    }

    [Fact]
    public async Task A_file_that_goes_away_leaves_what_is_in_force()
    {
        Write(File, "one");
        using var config = Config();
        await config.Load(Token);

        System.IO.File.Delete(File);
        await config.Follow(Token);

        Assert.Equal("one", snapshots.Current.Routes.Routes[0].Id);
        Assert.Equal("file-unreadable", config.State.Refusal!.Report.Faults[0].Rule);
    }

    [Fact]
    public async Task The_same_content_written_again_is_no_new_revision()
    {
        Write(File, "one");
        using var config = Config();
        await config.Load(Token);

        Write(File, "one");
        await config.Follow(Token);

        Assert.Equal(1, snapshots.Current.Revision);
    }

    [Fact]
    public async Task A_link_that_is_swapped_as_Kubernetes_does_is_followed()
    {
        // gateway.yaml -> ..data/gateway.yaml, ..data -> a folder with a date, swapped by a rename.
        foreach (var version in (string[])["v1", "v2"])
        {
            Directory.CreateDirectory(Path.Combine(folder, version));
            Write(Path.Combine(folder, version, "gateway.yaml"), version);
        }

        var data = Path.Combine(folder, "..data");
        Directory.CreateSymbolicLink(data, "v1");
        System.IO.File.CreateSymbolicLink(File, Path.Combine("..data", "gateway.yaml"));
        using var config = Config();
        using var follower = new ConfigFollower(
            config, new GatewayOptions { File = File, PollSeconds = 0.1 }, TimeProvider.System,
            NullLogger<ConfigFollower>.Instance);
        await follower.StartAsync(Token);

        Directory.CreateSymbolicLink(data + "_tmp", "v2");
        Rename(data + "_tmp", data);

        await Poll.Until(
            () => snapshots.Current.Routes.Routes[0].Id == "v2", TimeSpan.FromSeconds(10), "the other file", Token);
        await follower.StopAsync(Token);
    }

    [Fact]
    public async Task A_secret_that_changes_in_its_file_is_taken_too()
    {
        var secret = Path.Combine(folder, "token");
        await System.IO.File.WriteAllTextAsync(secret, "old\n", Token);
        const string bearer = """    transform: { request: { set: { Authorization: "Bearer ${file:token}" } } }""";
        Write(File, "one", extra: bearer + "\n");
        using var config = Config();
        await config.Load(Token);

        await System.IO.File.WriteAllTextAsync(secret, "new\n", Token);
        await config.Follow(Token);

        Assert.Equal("Bearer new", snapshots.Current.Routes.Routes[0].Transforms.Request[0].Value);
    }

    [Fact]
    public async Task A_secret_that_comes_late_brings_the_refused_file_into_force()
    {
        Write(File, "one");
        using var config = Config();
        await config.Load(Token);
        Write(
            File, "two",
            extra: """    transform: { request: { set: { Authorization: "Bearer ${file:token}" } } }""" + "\n");
        await config.Follow(Token);
        Assert.Equal("unset-placeholder", config.State.Refusal!.Report.Faults[0].Rule);

        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "token"), "late\n", Token);
        await config.Follow(Token);

        Assert.Equal("Bearer late", snapshots.Current.Routes.Routes[0].Transforms.Request[0].Value);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ConfigService Config() => new(
        new GatewayOptions { File = File }, new OwnTokens(CanBeChecked: true), snapshots,
        TimeProvider.System, new ConfigMetrics(),
        NullLogger<ConfigService>.Instance);

    private static void Rename(string from, string to)
    {
        using var mv = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
        mv.WaitForExit();
    }

    private static void Write(string path, string id, string extra = "") =>
        System.IO.File.WriteAllText(path,
            $$"""
            routes:
              {{id}}:
                match: { path: "/{**all}" }
                cluster: c
            {{extra}}clusters:
              c:
                destinations:
                  a: { address: http://127.0.0.1:1 }

            """);
}
