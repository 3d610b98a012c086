using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>
/// Whose request a log line belongs to. The user becomes known after the scope has begun, so it is looked up line by
/// line, until the scope is disposed: the server reuses the context for another request while work that outlives this
/// one may still log.
/// </summary>
public sealed class RequestLogScope(HttpContext context) : LogScope, IDisposable
{
    private const string Subject = "sub";

    private readonly string requestId = context.TraceIdentifier;
    private readonly string? traceId = Activity.Current?.TraceId.ToHexString();
    private volatile HttpContext? context = context;
    private string? userId;

    public override int Count => 3;

    public override KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("requestId", requestId),
        1 => new("traceId", traceId),
        2 => new("userId", UserId()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public void Dispose()
    {
        UserId();
        context = null;
    }

    // Asked of the feature: asking for User makes one where nobody has signed in.
    private string? UserId() =>
        userId ??= context?.Features.Get<IHttpAuthenticationFeature>()?.User?.FindFirst(Subject)?.Value;
}
