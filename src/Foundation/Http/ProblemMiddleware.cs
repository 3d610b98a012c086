using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Sees to it that every failure is a problem document: what was thrown, and what was answered with a bare status.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ZoneRetry = TimeSpan.FromMinutes(1);

    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (HasGone(exception, context))
        {
            // The client went away: nobody is left to answer. 499 is for the access log alone.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            }

            // Or a file ran out of time: it must not look as if that were all of it.
            context.Abort();
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await ProblemDocument.Write(context, Explain(exception));
            return;
        }

        var response = context.Response;
        // What another server answered is its own, with a body or without.
        if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 } &&
            context.Features.Get<ForwardedRequest>() is null)
        {
            await ProblemDocument.Write(context, OfStatus(response.StatusCode, context));
        }
    }

    // A reset while the body is read is thrown before RequestAborted fires.
    private static bool HasGone(Exception exception, HttpContext context) =>
        exception is ConnectionResetException ||
        (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    private Problem Explain(Exception exception)
    {
        switch (exception)
        {
            case ProblemException { Problem: var problem }:
                return problem;
            case BadHttpRequestException bad:
                return bad.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge =>
                        new(ProblemCodes.BodyTooLarge, "The body has more bytes than allowed."),
                    StatusCodes.Status408RequestTimeout =>
                        new(ProblemCodes.MalformedRequest, "The body arrived too slowly."),
                    _ => new(ProblemCodes.MalformedRequest, "The request could not be read."),
                };
            case OutcomeUnknownException:
                LogDatabaseUnavailable(exception);
                return new(
                    ProblemCodes.OutcomeUnknown,
                    "The database did not answer in the end. Read, or repeat it with its Idempotency-Key.")
                {
                    RetryAfter = DatabaseRetry,
                };
            case not null when DatabaseFaults.IsUnavailable(exception):
                LogDatabaseUnavailable(exception);
                return new(ProblemCodes.DatabaseUnavailable, "The database does not answer at the moment.")
                {
                    RetryAfter = DatabaseRetry,
                };
            case DependencyException dependency:
                LogDependencyUnavailable(dependency.Dependency, dependency.GetType().Name);
                return new(ProblemCodes.Unavailable, "A service this needs does not answer at the moment.")
                {
                    RetryAfter = dependency.RetryAfter,
                };
            case TimeZoneNotFoundException zone:
                LogZoneUnknown(zone.Message);
                return new(ProblemCodes.Unavailable, "This machine does not know a time zone that this needs.")
                {
                    RetryAfter = ZoneRetry,
                };
            default:
                LogUnhandled(exception!);
                return new(ProblemCodes.Internal, "The fault was logged under this requestId.");
        }
    }

    private static Problem OfStatus(int status, HttpContext context) => status switch
    {
        401 => new(ProblemCodes.Unauthenticated, "Send a valid access token as 'Authorization: Bearer …'."),
        403 => new(ProblemCodes.Forbidden, "Your role does not allow this."),
        404 => new(ProblemCodes.NotFound, "There is nothing at this address."),
        405 => new(ProblemCodes.MethodNotAllowed, $"This address offers {context.Response.Headers.Allow}."),
        413 => new(ProblemCodes.BodyTooLarge, "The body has more bytes than allowed."),
        415 => new(ProblemCodes.UnsupportedMediaType, "The body must be sent as application/json in UTF-8."),
        >= 500 => new(ProblemCodes.Internal, "The fault was logged under this requestId."),
        _ => new(ProblemCodes.MalformedRequest with { Status = status }, "The request was refused."),
    };

    [LoggerMessage(2002, LogLevel.Error, "Unhandled exception")]
    private partial void LogUnhandled(Exception exception);

    [LoggerMessage(2003, LogLevel.Warning, "The database is unavailable")]
    private partial void LogDatabaseUnavailable(Exception exception);

    [LoggerMessage(2004, LogLevel.Warning, "{Dependency} was not reached: {Reason}")]
    private partial void LogDependencyUnavailable(string dependency, string reason);

    [LoggerMessage(2005, LogLevel.Error, "Update the tz database of this machine: {Reason}")]
    private partial void LogZoneUnknown(string reason);
}
