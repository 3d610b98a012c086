using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Binds <c>If-Match</c> with one version in quotes, as an <c>ETag</c> gave it; absent or <c>*</c> matches any.
/// </summary>
public sealed record IfMatch(int? Version) : IEndpointParameterMetadataProvider
{
    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch.ToString().Trim();
        if (header is "" or "*")
        {
            return ValueTask.FromResult<IfMatch?>(new IfMatch((int?)null));
        }

        var quoted = header.Length > 2 && header[0] == '"' && header[^1] == '"';
        // What follows a point says what changes without a version. A tag that was never ours matches nothing: version
        // 0 does not exist.
        var isNumber = int.TryParse(
            header.Trim('"').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var version = quoted && isNumber ? number : 0;
        return ValueTask.FromResult<IfMatch?>(new IfMatch(version));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new HeaderParameter(
            "If-Match", "The `ETag` of the version to change: 412 when there is a newer one."));

    public static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
