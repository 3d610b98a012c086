using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Gives each request its id: the sender's <c>X-Request-Id</c> where it is well-formed (1 to 64 of letters, digits,
/// <c>.</c>,
/// <c>_</c>, <c>-</c>), else 16 hex characters. It goes out again and is on every log line.
/// </summary>
internal sealed class RequestId(RequestDelegate next)
{
    private const string Header = "X-Request-Id";
    private const int LengthMax = 64;

    public Task Invoke(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        context.TraceIdentifier = sent.Count == 1 && IsWellFormed(sent.ToString())
            ? sent.ToString()
            : RandomNumberGenerator.GetHexString(16, lowercase: true);
        Answer(context);
        return next(context);
    }

    public static void Answer(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;

    private static bool IsWellFormed(string id) =>
        id.Length is > 0 and <= LengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
