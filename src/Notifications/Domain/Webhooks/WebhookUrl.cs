using System.Globalization;
using System.Net;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>Where a webhook goes, as far as its text can tell; its addresses are looked at when it is used.</summary>
internal sealed record WebhookUrl
{
    public const int LengthMax = 2_000;
    private const string Field = "url";

    private WebhookUrl(Uri uri) => Uri = uri;

    public Uri Uri { get; }

    /// <summary>In ASCII and lower case, an address in its usual form: <c>0x7f.1</c> is <c>127.0.0.1</c>.</summary>
    public string Host => HostOf(Uri);

    /// <summary>Host and port: what is one endpoint to those who count failures.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Uri.Port}");

    /// <summary>Of one that was checked before it was stored.</summary>
    public static WebhookUrl Stored(string text) => new(new Uri(text));

    /// <summary>Null where it is at fault.</summary>
    public static WebhookUrl? Parse(string? text, WebhookTargets targets, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add(Field, "is required");
            return null;
        }

        if (text.Length > LengthMax)
        {
            faults.Add(Field, $"must have at most {LengthMax} characters, has {text.Length}");
            return null;
        }

        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) ||
            (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || HostOf(uri).Length == 0)
        {
            faults.Add(Field, "must be an absolute URL with http or https");
            return null;
        }

        var own = new Faults();
        own.Require(uri.UserInfo.Length == 0, Field, "must have no user name and no password");
        own.Require(uri.Fragment.Length == 0, Field, "must have no fragment (#)");
        own.Require(IsPortAllowed(uri, targets), Field, $"must not use the port {uri.Port}");
        own.Require(uri.AbsoluteUri.Length <= LengthMax, Field, $"is longer than {LengthMax} characters when escaped");
        faults.AddOthers(own);
        return own.Any ? null : new WebhookUrl(uri);
    }

    private static bool IsPortAllowed(Uri uri, WebhookTargets targets) =>
        targets.AllowsPort(uri.Port) || targets.AllowsHost(HostOf(uri)) ||
        (IPAddress.TryParse(HostOf(uri), out var address) && targets.IsNamed(address));

    // IdnHost gives an IPv6 address without its brackets, and throws where a name has no form in ASCII.
    private static string HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost.TrimEnd('.').ToLowerInvariant();
        }
        catch (UriFormatException)
        {
            return "";
        }
    }
}
