using System.Globalization;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What the gateway answers itself: a problem document, or to gRPC what gRPC can read.</summary>
internal static class EdgeAnswers
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static Task Refuse(HttpContext context, Problem problem)
    {
        if (IsGrpc(context.Request))
        {
            return AnswerGrpc(context.Response, problem);
        }

        if (problem.Code == GatewayProblemCodes.BadRequestFraming && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // Where the next request would begin is not certain either.
            context.Response.Headers.Connection = "close";
        }

        SecurityHeaders.Answer(context);
        return ProblemDocument.Write(context, problem);
    }

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) &&
        (type.Length == 16 || type[16] is '+' or ';' or ' ');

    public static Problem Of(UpstreamFault fault, bool isDeadline) => fault switch
    {
        UpstreamFault.NotConnected => new(
            GatewayProblemCodes.UpstreamConnect, "Nothing was sent to it: the request can be repeated."),
        UpstreamFault.Refused => new(
            GatewayProblemCodes.UpstreamReset, "It took no more requests: this one can be repeated."),
        UpstreamFault.Reset => new(
            GatewayProblemCodes.UpstreamReset, "Whether the request was carried out is not known."),
        UpstreamFault.Protocol => new(
            GatewayProblemCodes.UpstreamProtocol, "Whether the request was carried out is not known."),
        _ when isDeadline => new(
            ProblemCodes.DeadlineExceeded, "Whether the request was carried out is not known."),
        _ => new(GatewayProblemCodes.UpstreamTimeout, "Whether the request was carried out is not known."),
    };

    /// <summary>To what would be answered further out, but not in gRPC.</summary>
    public static Problem Of(BadHttpRequestException fault) =>
        fault.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? new(ProblemCodes.BodyTooLarge, "The body has more bytes than allowed.")
            : new(ProblemCodes.MalformedRequest, "The body could not be read.");

    /// <summary>To who was let in nowhere: nothing was sent.</summary>
    public static Problem Of(Admission admission) => admission switch
    {
        Admission.NoPermit => Unsent(GatewayProblemCodes.Overloaded, "Nothing was sent to it: repeat the request."),
        Admission.BreakerOpen => Unsent(GatewayProblemCodes.CircuitOpen, "Nothing was sent to it: repeat the request."),
        _ => Unsent(GatewayProblemCodes.NoDestination, "Every server of this service is taken out."),
    };

    private static Problem Unsent(ProblemCode code, string detail) => new(code, detail) { RetryAfter = Soon };

    public static Problem TooManyTunnels() =>
        new(ProblemCodes.Busy, "As many WebSockets are open as may be.") { RetryAfter = Soon };

    // Trailers alone: status and message in the head of an answer without a body.
    private static Task AnswerGrpc(HttpResponse response, Problem problem)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = GrpcStatusOf(problem.Code).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = problem.Code.Name;
        return Task.CompletedTask;
    }

    // Numbers of google.rpc.Code.
    private static int GrpcStatusOf(ProblemCode code) => code.Status switch
    {
        401 => 16,
        403 => 7,
        404 or 405 => 12,
        413 or 414 or 429 or 431 => 8,
        >= 400 and < 500 => 13,
        504 => 4,
        _ => 14,
    };
}
