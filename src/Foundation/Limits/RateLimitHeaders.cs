using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Limits;

public static class RateLimitHeaders
{
    /// <summary>
    /// Says in <c>RateLimit</c> and <c>RateLimit-Policy</c> what was decided, in place of what was said.
    /// </summary>
    public static void Say(this in Decision decision, IHeaderDictionary headers)
    {
        headers["RateLimit-Policy"] = decision.Policy.Header;
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{decision.Policy.Name}\";r={decision.Left};t={Math.Ceiling(decision.Reset.TotalSeconds):0}");
    }
}
