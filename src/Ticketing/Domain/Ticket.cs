using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>One place of a confirmed booking, admitted by its code.</summary>
internal sealed record Ticket(TicketId Id, TicketTypeId Type, string Code)
{
    /// <summary>
    /// One for each place of the lines, in their order. Their ids rise in it, so that a ticket's number within its
    /// booking, from 1, is the same wherever they are listed by id.
    /// </summary>
    public static IReadOnlyList<Ticket> Issue(
        EventId of, IReadOnlyList<BookingLine> lines, ITicketSigner signer, DateTimeOffset now)
    {
        var ids = new TicketId[lines.Sum(line => line.Places)];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = TicketId.New(now);
        }

        Array.Sort(ids, static (one, other) => one.Value.CompareTo(other.Value));
        var tickets = new List<Ticket>(ids.Length);
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Places; i++)
            {
                var id = ids[tickets.Count];
                tickets.Add(new Ticket(id, line.Type, signer.Sign(of, id)));
            }
        }

        return tickets;
    }
}
