using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Journal.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Gatehouse.Journal.Http;

/// <summary>Answers of the caller's journal that are kept while it stays as it is.</summary>
internal sealed class JournalAnswers(JournalCache cache, IOptions<JsonOptions> json)
{
    /// <summary>As JSON.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="what">All that the answer depends on beside the journal.</param>
    /// <param name="load">It may use nothing that belongs to the request: it may run on after it.</param>
    public Task<JournalResult> Json<T>(HttpContext context, string what, Func<CancellationToken, Task<T>> load)
    {
        var type = (JsonTypeInfo<T>)json.Value.SerializerOptions.GetTypeInfo(typeof(T));
        return Bytes(
            context,
            what,
            "application/json; charset=utf-8",
            async ending => JsonSerializer.SerializeToUtf8Bytes(await load(ending), type));
    }

    public async Task<JournalResult> Bytes(
        HttpContext context, string what, string contentType, Func<CancellationToken, Task<byte[]>> load)
    {
        var known = context.Request.Headers.IfNoneMatch.ToString();
        return new JournalResult(
            await cache.Get(context.User.Caller().User, what, known, load, context.RequestAborted), contentType);
    }
}
