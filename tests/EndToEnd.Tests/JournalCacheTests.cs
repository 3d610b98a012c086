namespace Gatehouse.EndToEnd.Tests;

/// <summary>What is kept of a journal, as whoever asks two processes sees it.</summary>
public sealed class JournalCacheTests(Installations installations)
{
    private const string Walk = """{"text":"Grüße vom Fluss","mood":7,"category":"Outdoors"}""";

    private static readonly string[] Kept =
    [
        "/entries", "/entries?limit=3&cursor=", "/entries?category=Outdoors", "/entries/stats",
        "/entries/charts/mood.svg?theme=dark",
    ];

    [InEveryTopology]
    public async Task Each_answer_is_the_same_until_the_journal_changes_and_is_another_then_everywhere(
        Topology topology)
    {
        var installation = await installations.On(topology);
        using var second = await installation.StartAnother();
        var here = (await installation.Buyers(1))[0];
        var there = here with { Http = second.Client };
        var before = await Texts(here);

        var id = (await here.Post("/entries", Walk)).Is(201).Id;
        var written = await Texts(there);
        Assert.Equal(written, await Texts(here));
        Assert.All(Kept.Index(), at => Assert.NotEqual(before[at.Index], written[at.Index]));
        Assert.Contains("Grüße vom Fluss", written[0], StringComparison.Ordinal);
        foreach (var path in Kept)
        {
            var tag = (await here.Get(path)).Is(200).Header("ETag")!;
            Assert.Empty((await there.Get(path, ("If-None-Match", tag))).Is(304).Text);
        }

        (await there.Delete($"/entries/{id}")).Is(204);
        Assert.Equal(before, await Texts(here));
        Assert.Equal(before, await Texts(there));
    }

    private static async Task<List<string>> Texts(Api api)
    {
        var texts = new List<string>();
        foreach (var path in Kept)
        {
            texts.Add((await api.Get(path)).Is(200).Text);
        }

        return texts;
    }
}
