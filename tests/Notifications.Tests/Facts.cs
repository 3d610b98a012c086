using System.Text;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;

namespace Gatehouse.Notifications.Tests;

/// <summary>Integration events of the other modules, as they tell them.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static UserRegisteredEvent Registered(
        Guid user, string email = "ann@example.org", string? name = "Ann Example", string? language = null) =>
        new(Guid.NewGuid(), Noon, user, email, name, language);

    public static EventChangedEvent Event(
        Guid id,
        int version = 1,
        string name = "Chamber music",
        string? venue = "Old Hall",
        DateTimeOffset? start = null,
        string status = "published",
        string change = "updated",
        string timeZone = "Europe/Berlin",
        Guid organizer = default)
    {
        var from = start ?? Noon.AddDays(30);
        return new EventChangedEvent(
            Guid.NewGuid(),
            Noon.AddMinutes(version),
            id,
            organizer,
            change,
            name,
            "chamber-music",
            venue,
            from,
            from.AddHours(3),
            timeZone,
            status,
            version);
    }

    public static BookingConfirmedEvent Confirmed(
        Guid booking, Guid of, Guid user, int minute = 10, params string[] tickets) => new(
        Guid.NewGuid(),
        Noon.AddMinutes(minute),
        booking,
        of,
        user,
        tickets.Length == 0 ? 1 : tickets.Length,
        0,
        "EUR",
        "K7Q2M9XW4T",
        tickets.Length == 0 ? ["TICKETCODE0000000000000001"] : tickets);

    public static BookingReleasedEvent Released(
        Guid booking, Guid of, Guid user, int minute = 20, string status = "cancelled", string? reason = null) =>
        new(Guid.NewGuid(), Noon.AddMinutes(minute), booking, of, user, 1, status, Reason: reason);

    public static PasswordResetRequestedEvent ResetRequested(Guid user, string token, DateTimeOffset? expiresAt = null)
    {
        var id = Guid.NewGuid();
        return new PasswordResetRequestedEvent(
            id,
            Noon,
            user,
            "ann@example.org",
            "Ann Example",
            null,
            MailRoom.Secrets.Seal(AccountTokens.Purpose(id), Encoding.UTF8.GetBytes(token)),
            expiresAt ?? Noon.AddHours(1));
    }
}
