using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>An answer that stands in the file.</summary>
internal static class StaticAnswers
{
    public static async Task Write(HttpContext context, StaticAnswer answer)
    {
        var response = context.Response;
        SecurityHeaders.Answer(context);
        response.StatusCode = answer.Status;
        // It stands in for another, and must not be taken for it for long; the file may say otherwise.
        response.Headers.CacheControl = "no-store";
        HeaderChanges.Apply(answer.Headers, response.Headers);
        if (answer.Body.Length > 0)
        {
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await response.Body.WriteAsync(answer.Body, context.RequestAborted);
            }
        }
    }
}
