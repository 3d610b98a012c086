using System.Reflection;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Foundation.Http;

/// <summary>Binds <c>Idempotency-Key</c>: 1 to 255 printable ASCII characters, or none.</summary>
public sealed record IdempotencyKey(string? Value) : IEndpointParameterMetadataProvider
{
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const string Header = "Idempotency-Key";
    private const int LengthMax = 255;
    private const string KeyPattern = "^[!-~]{1,255}$";

    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers[Header];
        if (header.Count == 0)
        {
            return ValueTask.FromResult<IdempotencyKey?>(new IdempotencyKey((string?)null));
        }

        var key = header.ToString();
        if (header.Count > 1 || key.Length is 0 or > LengthMax || key.Any(c => c is < '!' or > '~'))
        {
            throw new ProblemException(new Problem(
                ProblemCodes.InvalidHeader, $"{Header} must be 1 to {LengthMax} printable ASCII characters."));
        }

        return ValueTask.FromResult<IdempotencyKey?>(new IdempotencyKey(key));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new HeaderParameter(
            Header, "Your name for this request: sent again, it is answered like the first.", KeyPattern));
        builder.Metadata.Add(new AnswerHeader(ReplayedHeader, "`true` when this is the answer of an earlier request."));
    }
}
