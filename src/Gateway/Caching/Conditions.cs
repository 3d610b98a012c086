using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Caching;

/// <summary>Whether a client has already what is kept (RFC 9110, 13).</summary>
internal static class Conditions
{
    public static bool HasIt(IHeaderDictionary request, StoredAnswer answer)
    {
        if (answer.Status != StatusCodes.Status200OK)
        {
            return false;
        }

        if (request.IfNoneMatch.Count > 0)
        {
            return Names(request.IfNoneMatch.ToString(), answer.ETag);
        }

        return request.IfModifiedSince.Count > 0 && answer.LastModified is { } changed &&
            AnswerRules.DateOf(request.IfModifiedSince) >= changed;
    }

    // Weakly: what follows W/ is compared.
    private static bool Names(string list, string? tag)
    {
        if (list.Trim() == "*")
        {
            return true;
        }

        return tag is not null && list.Split(',').Any(one => Opaque(one.AsSpan().Trim()).SequenceEqual(Opaque(tag)));
    }

    private static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) =>
        tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
