using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// One place of a confirmed booking. Its code is 130 random bits: not to be guessed, and unique without asking.
/// </summary>
internal sealed record Ticket(TicketId Id, string Code)
{
    private const int CodeLength = 26;
    private const string CodeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static IReadOnlyList<Ticket> Issue(int quantity, DateTimeOffset now)
    {
        var tickets = new Ticket[quantity];
        for (var i = 0; i < quantity; i++)
        {
            tickets[i] = new Ticket(TicketId.New(now), RandomNumberGenerator.GetString(CodeLetters, CodeLength));
        }

        return tickets;
    }
}
