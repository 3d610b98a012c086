using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// Every endpoint of the API description by everyone: what is answered is what <c>role-matrix.txt</c> says, line by
/// line. A new endpoint needs its line, and a line its endpoint.
/// </summary>
public sealed class RoleMatrixTests(Installations installations)
{
    private static readonly string Expected =
        Path.Combine(Solution.Root, "tests", "EndToEnd.Tests", "role-matrix.txt");

    [Flow(Postgres = false)]
    [Trait("ASVS", "8.2.1")]
    public async Task Every_endpoint_answers_everyone_as_the_table_says(Topology topology)
    {
        // One of its own, where that is soon had: it tries all there is.
        await using var own = topology == Topology.Split
            ? null
            : await Installation.Start(DatabaseProvider.Sqlite, ("GATEHOUSE_WEBHOOKS__ALLOWEDHOSTS", "127.0.0.1"));
        var installation = own ?? await installations.On(topology);
        var people = await People.In(installation, "http://127.0.0.1:1/");
        var operations = (await ApiDescription.Of(installation.Anyone)).Operations;
        var actual = new List<string>();
        foreach (var operation in operations)
        {
            var statuses = new List<int>();
            foreach (var kind in People.Kinds)
            {
                statuses.Add((await people.Ask(kind, operation, await people.Thing(operation))).Status);
            }

            // A split deployment has a file of the gateway to show.
            var hasFile = topology == Topology.Split && operation is { Method: "GET", Path: "/gateway/config" };
            actual.Add(Line(operation, hasFile ? statuses.Select(status => status == 200 ? 404 : status) : statuses));
        }

        var expected = (await File.ReadAllLinesAsync(Expected, TestContext.Current.CancellationToken))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.TrimEnd()).ToList();
        var (missing, extra) = (actual.Except(expected).Order(StringComparer.Ordinal), expected.Except(actual));
        Assert.True(
            actual.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)),
            $"role-matrix.txt is to have these lines:\n{string.Join('\n', missing)}\n" +
            $"and not these:\n{string.Join('\n', extra)}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), expected);
    }

    [Theory]
    [InlineData("otherUser")]
    [InlineData("otherOrganizer")]
    [InlineData("user")]
    [Trait("ASVS", "8.2.2")]
    public async Task Somebody_elses_id_answers_as_an_id_that_nobody_has(string kind)
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        var people = await People.In(installation);
        var compared = 0;
        foreach (var operation in (await ApiDescription.Of(installation.Anyone)).Operations
            .Where(operation => operation.NeedsToken || operation.Path.Split('/')[1] is "events" or "bookings")
            .Where(operation => operation.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            var theirs = await people.Thing(operation, hidden: true);
            if (kind == "user" && operation.Path.Split('/')[1] is not "events")
            {
                continue;
            }

            var real = await People.Send(people[kind], operation, theirs);
            var unknown = await People.Send(people[kind], operation, $"{Guid.CreateVersion7()}");
            Assert.True(real.Status is >= 400 and < 500, $"{kind}: {real}");
            Assert.Equal(unknown.Status, real.Status);
            Assert.Equal(unknown.WithoutIds(), real.WithoutIds());
            compared++;
        }

        Assert.True(compared >= 3, $"{compared} compared");
    }

    private static string Line(Operation operation, IEnumerable<int> statuses) => string.Create(
        CultureInfo.InvariantCulture,
        $"{operation.Path,-52} {operation.Method,-6} {string.Join(' ', statuses)}");
}
