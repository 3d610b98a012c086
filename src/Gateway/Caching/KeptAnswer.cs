using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Caching;

/// <summary>Gives what is kept to a client, or tells it that it has it already.</summary>
internal static class KeptAnswer
{
    // Of a 304 (RFC 9110, 15.4.5); the rest the client has.
    private static readonly string[] OfNotModified =
        ["Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Vary", "Via"];

    public static Task Write(CacheRequest request, StoredAnswer answer, DateTimeOffset now, string status)
    {
        var context = request.Context;
        var response = context.Response;
        var isHad = Conditions.HasIt(context.Request.Headers, answer);
        response.StatusCode = isHad ? StatusCodes.Status304NotModified : answer.Status;
        foreach (var (name, values) in answer.Headers)
        {
            if (!isHad || OfNotModified.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                response.Headers.Append(name, values);
            }
        }

        response.Headers.Age =
            ((long)answer.AgeAt(now).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        CacheStatus.Add(context, status);
        if (isHad || answer.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent)
        {
            return Task.CompletedTask;
        }

        response.ContentLength = answer.Body.Length;
        return request.IsHead || answer.Body.Length == 0
            ? Task.CompletedTask
            : response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }
}

/// <summary>Headers as they were before a step, so that what it adds can be told apart and undone.</summary>
internal sealed class HeadersBefore(IHeaderDictionary headers)
{
    private readonly KeyValuePair<string, StringValues>[] before = [.. headers];

    /// <summary>What came since; of a header that was there, the values behind those that were.</summary>
    public IEnumerable<KeyValuePair<string, StringValues>> Added()
    {
        foreach (var (name, values) in headers)
        {
            var was = Array.Find(before, one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            if (was.Count == 0 || values.Count < was.Count)
            {
                yield return new(name, values);
            }
            else if (values.Count > was.Count)
            {
                yield return new(name, values.ToArray()[was.Count..]);
            }
            else if (values != was)
            {
                yield return new(name, values);
            }
        }
    }

    public void Restore()
    {
        headers.Clear();
        foreach (var (name, values) in before)
        {
            headers[name] = values;
        }
    }
}
