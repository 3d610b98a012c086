using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Http;

/// <summary>
/// Where browsers keep refresh and device token: cookies of this host alone that no script reads and no other site
/// makes a browser send. Login, refresh and logout read them, and only from our own pages. A change of the password
/// keeps the device of the cookie known; no other route reads one.
/// </summary>
internal sealed class SessionCookies(IdentityOptions options)
{
    private const string Refresh = "__Host-rt";
    private const string Device = "__Host-device";
    private static readonly TimeSpan DeviceLife = TimeSpan.FromDays(365);

    public static string? RefreshToken(HttpRequest request) => Read(request, Refresh);

    public static string? DeviceToken(HttpRequest request) => Read(request, Device);

    /// <summary>
    /// Why cookies of this request do not count: it is not JSON, which only a script sends, or not of our own pages.
    /// Sec-Fetch-Site is the browser's own word; one too old for it sends Origin.
    /// </summary>
    public Problem? Refusal(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return new Problem(
                ProblemCodes.UnsupportedMediaType, "With a cookie the request must be sent as application/json.");
        }

        var site = request.Headers["Sec-Fetch-Site"];
        var isOwn = site.Count > 0 ? site is ["same-origin"] : IsOwn(request);
        return isOwn ? null : new Problem(
            ProblemCodes.BadOrigin,
            "Cookies count only in requests that a page of this site sends; others send a token.");
    }

    /// <summary>Puts both tokens into cookies; answers the grant without them.</summary>
    public static TokenGrant Keep(HttpResponse response, TokenGrant grant)
    {
        if (grant.RefreshToken is { } refresh)
        {
            Append(response, Refresh, refresh, TimeSpan.FromSeconds(grant.RefreshExpiresIn));
        }

        if (grant.DeviceToken is { } device)
        {
            Append(response, Device, device, DeviceLife);
        }

        return grant with { RefreshToken = null, DeviceToken = null };
    }

    /// <summary>Puts the token into its cookie; answers what is left.</summary>
    public static KnownDevice Keep(HttpResponse response, KnownDevice known)
    {
        if (known.DeviceToken is { } device)
        {
            Append(response, Device, device, DeviceLife);
        }

        return known with { DeviceToken = null };
    }

    /// <summary>The device stays known.</summary>
    public static void Clear(HttpResponse response) => Append(response, Refresh, "", TimeSpan.Zero);

    private bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] &&
        (Same(origin, $"{request.Scheme}://{request.Host}") || options.Origins.Any(own => Same(origin, own)));

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string? Read(HttpRequest request, string name) =>
        request.Cookies.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static void Append(HttpResponse response, string name, string value, TimeSpan life) =>
        response.Cookies.Append(name, value, new CookieOptions
        {
            Path = "/",
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            MaxAge = life,
            IsEssential = true,
        });
}
