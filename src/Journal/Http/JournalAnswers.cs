using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Gatehouse.Journal.Http;

/// <summary>
/// Answers of the caller's journal that are kept while it stays as it is. What loads them may use nothing that belongs
/// to the request: it may run on after it.
/// </summary>
internal sealed class JournalAnswers(JournalCache cache, IOptions<JsonOptions> json, TimeProvider time)
{
    // Every time zone of today is ahead or behind by a whole number of these.
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Another when the day is another anywhere: a part of what an answer depends on that says of any day that it is
    /// today.
    /// </summary>
    public string Today => (time.Now().UtcTicks / QuarterHour.Ticks).ToString(CultureInfo.InvariantCulture);

    /// <summary>As JSON.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="what">All that the answer depends on beside the journal.</param>
    /// <param name="load">Where it is not kept. A problem is answered, and not kept.</param>
    public Task<JournalResult> Json<T>(
        HttpContext context, string what, Func<CancellationToken, Task<Result<T>>> load)
    {
        var type = (JsonTypeInfo<T>)json.Value.SerializerOptions.GetTypeInfo(typeof(T));
        return Bytes(
            context,
            what,
            "application/json; charset=utf-8",
            async ending => (await load(ending)).Map(value => JsonSerializer.SerializeToUtf8Bytes(value, type)));
    }

    public async Task<JournalResult> Bytes(
        HttpContext context, string what, string contentType, Func<CancellationToken, Task<Result<byte[]>>> load)
    {
        var known = context.Request.Headers.IfNoneMatch.ToString();
        return new JournalResult(
            await cache.Get(context.User.Caller().User, what, known, Loaded, context.RequestAborted), contentType);

        // Thrown, since what is thrown goes to all who wait for the load and is not kept.
        async Task<byte[]> Loaded(CancellationToken ending)
        {
            var loaded = await load(ending);
            return loaded.Failed(out var problem) ? throw new ProblemException(problem) : loaded.Value;
        }
    }
}
