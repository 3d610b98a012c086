using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// To whom the box office writes: the account's address unless the buyer gave another; a guest is only known by that.
/// </summary>
internal static class MailRecipients
{
    /// <summary>Null where there is an account that was not heard of yet.</summary>
    /// <param name="known">By account.</param>
    /// <param name="user">The buyer.</param>
    /// <param name="email">That the buyer gave.</param>
    /// <param name="name">That the buyer gave.</param>
    /// <param name="at">When that was said.</param>
    public static Recipient? Find(
        IReadOnlyDictionary<Guid, Recipient> known, Guid user, string? email, string? name, DateTimeOffset at)
    {
        var account = known.GetValueOrDefault(user);
        if (email is null)
        {
            return account;
        }

        return account is null && Guests.Include(new UserId(user))
            ? OfGuest(user, email, name, at)
            : account is null ? null : account with { Email = email, Name = name ?? account.Name };
    }

    /// <summary>
    /// Guests among those who have booked, in the order they are to be kept in: what happens to the event later is told
    /// to them too.
    /// </summary>
    public static IEnumerable<Recipient> GuestsOf(IEnumerable<BookingConfirmedEvent> confirmed) => confirmed
        .Where(fact => fact.Email is not null && Guests.Include(new UserId(fact.UserId)))
        .GroupBy(fact => fact.UserId)
        .OrderBy(guest => guest.Key)
        .Select(guest => guest.MaxBy(fact => fact.OccurredAt)!)
        .Select(fact => OfGuest(fact.UserId, fact.Email!, fact.Name, fact.OccurredAt));

    private static Recipient OfGuest(Guid user, string email, string? name, DateTimeOffset at) => new()
    {
        UserId = user,
        Email = email,
        Name = name,
        KnownAt = at,
    };
}
