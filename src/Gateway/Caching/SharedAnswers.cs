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
            var vary = read.Vary;
            read = look?.Value is { } second ? AnswerFormat.Read(second) : default;
            return new SharedFind(read.Answer?.Vary.SequenceEqual(vary) == true ? read.Answer : null, look, ofPlace);
        }

        return new SharedFind(read.Answer is { Vary.Count: 0 } ? read.Answer : null, look, ofPlace);
    }

    /// <summary>Runs on after the request has ended: all that is needed of it is read before.</summary>
    public async Task Put(CacheRequest request, StoredAnswer answer, SharedFind found)
    {
        var life = answer.Times.KeptFor(answer.HasValidator);
        var (look, resource) = (found.Look!, Prefix + request.Key);
        var key = answer.Vary.Count == 0
            ? resource
            : Prefix + new Variants(answer.Vary).KeyOf(request.Key, request.Context.Request.Headers);
        List<int> hangsOn = [.. Enumerable.Range(0, found.OfPlace)];
        if (answer.Vary.Count > 0)
        {
            await bytes.Put(resource, look, hangsOn, AnswerFormat.Write(answer.Vary), life);
        }

        hangsOn.AddRange(answer.Tags.Select(tag => found.OfPlace + Purge.StampOfTag(tag)).Distinct());
        await bytes.Put(key, look, hangsOn, AnswerFormat.Write(answer), life);
    }

    public ValueTask Tell(Purge purge) => bytes.Invalidate(purge.ToText());

    public void Dispose() => bytes.Dispose();
}

/// <param name="Answer">Null: no other gateway has one.</param>
/// <param name="Look">What an answer brought from now on hangs on; null: Redis does not answer.</param>
/// <param name="OfPlace">How many of its stamps are of the place, before those of tags.</param>
internal readonly record struct SharedFind(StoredAnswer? Answer, SharedLook? Look, int OfPlace);
