using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>What a template is filled with, as it is kept until the mail is sent.</summary>
/// <param name="Values">Text by the name of its placeholder; a line that needs an empty one is left out.</param>
/// <param name="Lists">Texts that make a line each.</param>
internal sealed record MailModel(
    IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists)
{
    public CalendarEntry? Calendar { get; init; }

    /// <summary>Goes along as PDF, which is made when the mail is sent.</summary>
    public TicketSheet? Tickets { get; init; }

    public SecretLink? Secret { get; init; }

    /// <summary>From then on it says nothing that is still true, and is not sent.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    public static MailModel Of(params (string Name, string? Value)[] values) => new(
        values.Where(v => !string.IsNullOrEmpty(v.Value)).ToDictionary(v => v.Name, v => v.Value!),
        new Dictionary<string, IReadOnlyList<string>>());

    public string ToJson() => JsonSerializer.Serialize(this, MailModelJson.Default.MailModel);

    public static MailModel FromJson(string json) =>
        JsonSerializer.Deserialize(json, MailModelJson.Default.MailModel) ?? throw new JsonException("No model.");
}

/// <summary>The tickets of a booking.</summary>
/// <param name="When">In the zone of the event, as it is written in the mail.</param>
/// <param name="Name">Of the guest, if that was said.</param>
internal sealed record TicketSheet(
    string Event,
    string When,
    string? Venue,
    string? Address,
    string? Name,
    string BookingCode,
    IReadOnlyList<SheetTicket> Tickets);

/// <param name="Code">What its QR code says.</param>
internal sealed record SheetTicket(string Code, string? Type, string ShortCode);

/// <summary>A link whose token is opened only when the mail is written.</summary>
/// <param name="Path">Of the page, without a slash at its start.</param>
/// <param name="Purpose">What the token was sealed for.</param>
/// <param name="SealedToken">By <c>SecretBox</c>.</param>
internal sealed record SecretLink(string Path, string Purpose, string SealedToken)
{
    /// <summary>Behind <c>#</c>, which browsers keep to themselves; else <c>?token=</c>.</summary>
    public bool IsFragment { get; init; }

    public string To(string site, string token) =>
        $"{site.TrimEnd('/')}/{Path}{(IsFragment ? "#" : "?token=")}{Uri.EscapeDataString(token)}";
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MailModel))]
internal sealed partial class MailModelJson : JsonSerializerContext;
