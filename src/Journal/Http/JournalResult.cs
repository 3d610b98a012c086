using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Journal.Http;

/// <summary>Answers what is kept with its <c>ETag</c>, or 304 where the caller has it.</summary>
internal sealed class JournalResult(Result<JournalAnswer> answer, string contentType) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (answer.Failed(out var problem))
        {
            return ProblemDocument.Write(httpContext, problem);
        }

        var response = httpContext.Response;
        response.Headers.ETag = answer.Value.Tag;
        if (answer.Value.Body is not { } body)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
