using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>What the owner of a webhook decides, checked.</summary>
/// <param name="IsForAll">It gets what concerns everyone, not its owner only.</param>
internal sealed record WebhookSettings(
    WebhookUrl Url, WebhookEvents Events, string? Description, bool IsActive, bool IsForAll)
{
    public const string Own = "own";
    public const string All = "all";

    public string Scope => IsForAll ? All : Own;
}

/// <summary>The same as it was sent.</summary>
internal sealed record WebhookDetails(
    string? Url, IReadOnlyList<string>? Events, string? Description, bool? IsActive, string? Scope);

/// <summary>What the settings of a webhook are checked against.</summary>
/// <param name="targets">Where it may go.</param>
/// <param name="types">Every type of integration event that is told, with the scope of all or of one's own.</param>
/// <param name="meant">What somebody probably meant who wrote that, among the candidates; null for no idea.</param>
internal sealed class WebhookRules(
    WebhookTargets targets,
    Func<bool, IReadOnlyCollection<string>> types,
    Func<string, IEnumerable<string>, string?> meant)
{
    private const int DescriptionMax = 200;

    /// <summary>Null where anything is at fault.</summary>
    public WebhookSettings? Check(WebhookDetails details, Faults faults)
    {
        var url = WebhookUrl.Parse(details.Url, targets, faults);
        var isForAll = details.Scope == WebhookSettings.All;
        var events = WebhookEvents.Parse(details.Events, types(isForAll), meant, faults);
        var description = faults.Text("description", details.Description, 0, DescriptionMax);
        var isKnown = faults.Require(
            details.Scope is null or WebhookSettings.Own or WebhookSettings.All, "scope", "must be own or all");
        return url is null || events is null || !isKnown || faults.Any
            ? null
            : new WebhookSettings(
                url,
                events,
                description.Length == 0 ? null : description,
                details.IsActive ?? true,
                isForAll);
    }
}
