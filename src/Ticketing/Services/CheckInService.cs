using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

internal sealed class CheckInService(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    DoorAccess door,
    TicketCodeReader codes,
    ICheckInRepository checkIns,
    IGuestRepository guests,
    IAuditLog audit,
    TimeProvider time) : ICheckIns, IDisposable
{
    private const int TriesMax = 3;

    // Scans of one ticket wait for one another with a connection each: they leave the others to the sale.
    private const int AtOnceMax = 8;
    private readonly SemaphoreSlim turns = new(AtOnceMax, AtOnceMax);

    public async Task<Result<CheckInView>> Scan(
        DoorPass pass, Guid eventId, ScanTicket scan, CancellationToken cancellation)
    {
        var of = new EventId(eventId);
        var opened = await door.Open(pass, of, cancellation);
        if (opened.Failed(out var problem))
        {
            return problem;
        }

        var faults = new Faults();
        var gate = faults.Text("gate", scan.Gate, 0, CheckIn.GateCharactersMax);
        if (scan.ScanId is { } scanId)
        {
            faults.Text("scanId", scanId, 1, CheckIn.ScanIdCharactersMax);
        }

        faults.Require(
            scan.TicketId is null != string.IsNullOrWhiteSpace(scan.Code), "code", "is required, or else ticketId");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var (refusal, ticket, version) = scan.TicketId is { } id
            ? (null, new TicketId(id), null)
            : await codes.Read(of, scan.Code!, cancellation);
        if (refusal is { } none)
        {
            return new CheckInView(none.ToText());
        }

        var wish = new Wish(of, ticket, version, gate.Length == 0 ? null : gate, opened.Value, Named(scan));
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await DecideInTurn(wish, cancellation);
            }
            catch (KeyTakenException) when (tries < TriesMax)
            {
                // The same scan at the same moment was decided: it is answered like that one.
            }
        }

        // A leading space is what no Idempotency-Key of a client has.
        IdempotentRequest? Named(ScanTicket asked) => asked.ScanId is null
            ? null
            : new IdempotentRequest(
                new UserId(opened.Value),
                $" scan {of} {asked.ScanId.Trim()}",
                IdempotentRequest.Hash("check-ins", of, ticket));
    }

    public async Task<Result<Done>> Undo(
        DoorPass pass, Guid eventId, Guid id, UndoCheckIn request, CancellationToken cancellation)
    {
        var (of, checkIn) = (new EventId(eventId), new CheckInId(id));
        var opened = await door.Open(pass, of, cancellation);
        if (opened.Failed(out var problem))
        {
            return problem;
        }

        var faults = new Faults();
        var reason = faults.Text("reason", request.Reason, 1, CheckIn.ReasonCharactersMax);
        await using var unit = await database.Begin(cancellation);
        if (!await checkIns.Exists(unit, of, checkIn))
        {
            return Problem.NotFound("check-in");
        }

        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var now = time.Now();
        if (await checkIns.Undo(unit, of, checkIn, opened.Value, reason, now) is not var (ticket, type, booking, buyer))
        {
            return new Done();
        }

        var why = JsonEncodedText.Encode(reason);
        audit.Write(unit, new AuditFact("check_in.undone", $"check-in/{checkIn}")
        {
            After = $$"""{"event":"{{of}}","ticket":"{{ticket}}","by":"{{opened.Value}}","reason":"{{why}}"}""",
        });
        await Outbox.Add(unit, new TicketCheckInUndoneEvent(
            Ids.New(now), now, eventId, booking.Value, ticket.Value, type.Value, buyer.Value, id));
        await unit.Commit();
        return new Done();
    }

    public async Task<Result<CheckInCounts>> Count(DoorPass pass, Guid eventId, CancellationToken cancellation)
    {
        var of = new EventId(eventId);
        var opened = await door.Open(pass, of, cancellation);
        return opened.Failed(out var problem) ? problem : await checkIns.Count(of, cancellation);
    }

    public async Task<Result<Page<GuestView>>> Guests(
        DoorPass pass, Guid eventId, string? search, PageRequest page, CancellationToken cancellation)
    {
        var of = new EventId(eventId);
        var opened = await door.Open(pass, of, cancellation);
        if (opened.Failed(out var problem))
        {
            return problem;
        }

        var faults = new Faults();
        var typed = faults.Text("q", search, 0, GuestSearch.CharactersMax);
        var wanted = typed.Length == 0 || faults.Any ? null : GuestSearch.Of(typed);
        faults.Require(
            typed.Length == 0 || faults.Any || wanted is not null, "q", "must have a letter or a digit");
        return faults.Any
            ? faults.ToProblem(ProblemCodes.InvalidQuery)
            : await guests.List(of, wanted, page, cancellation);
    }

    public void Dispose() => turns.Dispose();

    private async Task<Result<CheckInView>> DecideInTurn(Wish wish, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            return await Decide(wish, cancellation);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<Result<CheckInView>> Decide(Wish wish, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (wish.Named is { } named &&
            await IdempotencyKeys.Find(unit, [named], time.Now()) is [var kept, ..])
        {
            return kept.RequestHash == named.RequestHash
                ? JsonSerializer.Deserialize(kept.Answer, TicketingJson.Default.CheckInView)! with { Replayed = true }
                : new Problem(
                    ProblemCodes.IdempotencyMismatch, "The scanId was used within 24 hours for another ticket.");
        }

        if (await checkIns.Lock(unit, wish.Of, wish.Ticket) is not { } ticket)
        {
            return new CheckInView(ScanResult.Unknown.ToText());
        }

        // Read after the wait for the lock, so that admissions of one ticket are in the order of their times.
        var now = time.Now();
        var view = await Admit(unit, wish, ticket, now);
        if (wish.Named is not null)
        {
            var answer = JsonSerializer.Serialize(view, TicketingJson.Default.CheckInView);
            await IdempotencyKeys.Keep(unit, [(wish.Named, answer)], now);
        }

        await unit.Commit();
        return view;
    }

    private async Task<CheckInView> Admit(UnitOfWork unit, Wish wish, TicketAtDoor ticket, DateTimeOffset now)
    {
        var shown = new DoorTicketView(
            ticket.Id.Value,
            ticket.Type.Value,
            ticket.TypeName,
            ticket.BookingCode,
            ticket.ShortCode,
            ticket.Guest);
        if (!ticket.IsValid || (wish.Version ?? ticket.Version) != ticket.Version)
        {
            return new CheckInView(ScanResult.Void.ToText(), Ticket: shown);
        }

        var admission = new CheckIn(
            CheckInId.New(now), wish.Of, ticket.Id, ticket.Type, wish.Gate, wish.By, now);
        var isAdmitted = await checkIns.Admit(unit, admission);
        var earlier = isAdmitted ? null : await checkIns.FindLive(unit, wish.Of, ticket.Id);
        if (!isAdmitted && earlier is null)
        {
            // Undone between the two statements.
            isAdmitted = await checkIns.Admit(unit, admission);
        }

        if (!isAdmitted)
        {
            admission = earlier ?? throw new InvalidOperationException($"Ticket {ticket.Id} moved under a lock.");
        }
        else
        {
            await Outbox.Add(unit, new TicketCheckedInEvent(
                Ids.New(now),
                now,
                wish.Of.Value,
                ticket.Booking.Value,
                ticket.Id.Value,
                ticket.Type.Value,
                ticket.Buyer.Value,
                admission.Id.Value,
                now,
                wish.Gate));
        }

        return new CheckInView(
            (isAdmitted ? ScanResult.Admitted : ScanResult.AlreadyAdmitted).ToText(),
            admission.Id.Value,
            admission.At,
            admission.Gate,
            shown);
    }

    /// <param name="Version">That a code is for; null where there was none to read it from.</param>
    /// <param name="Named">Where the device gave the scan a name.</param>
    private sealed record Wish(
        EventId Of, TicketId Ticket, int? Version, string? Gate, Guid By, IdempotentRequest? Named);
}
