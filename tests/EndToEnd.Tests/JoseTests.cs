using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Another implementation, npm's jose, takes our tokens and keys for what we say they are.</summary>
public sealed class JoseTests
{
    private static readonly string Folder = Path.Combine(Solution.Root, "tests", "EndToEnd.Tests", "Jose");

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Tokens_and_keys_agree_with_jose(string algorithm)
    {
        Engine.Require(
            Directory.Exists(Path.Combine(Folder, "node_modules", "jose")),
            "npm's jose",
            "npm ci --prefix tests/EndToEnd.Tests/Jose, with Node.js 18 or newer (./test does it when it may).");
        await using var installation = await Installation.Start(
            DatabaseProvider.Sqlite, ("GATEHOUSE_IDENTITY__SIGNINGALGORITHM", algorithm));
        var buyer = await installation.Buyer();

        using var node = ChildProcess.Start(
            "node", ["verify.mjs", installation.Address.ToString(), buyer.Token!, algorithm],
            info => info.WorkingDirectory = Folder);
        var exitCode = await node.Exited(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, node.Said());
        var said = JsonDocument.Parse(Assert.Single(node.Lines)).RootElement;
        Assert.Equal((await buyer.Get("/auth/me")).Is(200).Id, said.GetProperty("sub").GetString());
        Assert.Single(said.GetProperty("kids").EnumerateArray());
        var forged = said.GetProperty("forged").GetString()!;
        (await (buyer with { Token = forged }).Get("/auth/me")).IsProblem(401, "invalid_token");
    }
}
