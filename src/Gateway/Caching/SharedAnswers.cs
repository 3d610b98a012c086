using Gatehouse.Foundation.Caching;

namespace Gatehouse.Gateway.Caching;

/// <summary>The level that gateways share in Redis. Whatever becomes of it, requests are answered without.</summary>
internal sealed class SharedAnswers : IDisposable
{
    private const string Prefix = "gateway.answer:";

    private SharedBytes bytes = null!;

    public static SharedAnswers? Open(SharedBytesSource source, Action<Purge> forget, Action forgetAll)
    {
        var opened = source.Open(
            text =>
            {
                if (Purge.Parse(text) is { } purge)
                {
                    forget(purge);
                }
            },
            forgetAll, Purge.StampOf);
        return opened is null ? null : new SharedAnswers { bytes = opened };
    }

    public async ValueTask<SharedFind> Find(CacheRequest request)
    {
        var (names, ofPlace) = Purge.StampsOf(request.Place);
        var look = await bytes.Look(Prefix + request.Key, names);
        var read = look?.Value is { } first ? AnswerFormat.Read(first) : default;
        if (read.Vary is not null)
        {
            var key = new Variants(read.Vary).KeyOf(request.Key, request.Context.Request.Headers);
            look = await bytes.Look(Prefix + key, names);
            read = look?.Value is { } second ? AnswerFormat.Read(second) : default;
        }

        return new SharedFind(read.Answer, look, ofPlace);
    }

    public async Task Put(CacheRequest request, StoredAnswer answer, SharedFind found)
    {
        var life = answer.Times.KeptFor(answer.HasValidator);
        var key = request.Key;
        List<int> hangsOn = [.. Enumerable.Range(0, found.OfPlace)];
        if (answer.Vary.Count > 0)
        {
            await bytes.Put(Prefix + key, found.Look!, hangsOn, AnswerFormat.Write(answer.Vary), life);
            key = new Variants(answer.Vary).KeyOf(key, request.Context.Request.Headers);
        }

        hangsOn.AddRange(answer.Tags.Select(tag => found.OfPlace + Purge.StampOfTag(tag)).Distinct());
        await bytes.Put(Prefix + key, found.Look!, hangsOn, AnswerFormat.Write(answer), life);
    }

    public ValueTask Tell(Purge purge) => bytes.Invalidate(purge.ToText());

    public void Dispose() => bytes.Dispose();
}

/// <param name="Answer">Null: no other gateway has one.</param>
/// <param name="Look">What an answer brought from now on hangs on; null: Redis does not answer.</param>
/// <param name="OfPlace">How many of its stamps are of the place, before those of tags.</param>
internal readonly record struct SharedFind(StoredAnswer? Answer, SharedLook? Look, int OfPlace);
