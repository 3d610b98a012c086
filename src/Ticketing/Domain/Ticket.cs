using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>One place of a confirmed booking, admitted by its code.</summary>
internal sealed record Ticket(TicketId Id, string Code)
{
    public static IReadOnlyList<Ticket> Issue(int quantity, DateTimeOffset now)
    {
        var tickets = new Ticket[quantity];
        for (var i = 0; i < quantity; i++)
        {
            tickets[i] = new Ticket(TicketId.New(now), RandomCode.Ticket());
        }

        return tickets;
    }
}
