using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>One place of a confirmed booking, admitted by its code.</summary>
internal sealed record Ticket(TicketId Id, TicketTypeId Type, string Code)
{
    public static IReadOnlyList<Ticket> Issue(IReadOnlyList<BookingLine> lines, DateTimeOffset now)
    {
        var tickets = new List<Ticket>(lines.Sum(line => line.Places));
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Places; i++)
            {
                tickets.Add(new Ticket(TicketId.New(now), line.Type, RandomCode.Ticket()));
            }
        }

        return tickets;
    }
}
