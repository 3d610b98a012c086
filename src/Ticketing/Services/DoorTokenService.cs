using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class DoorTokenService(EventLocks locks, IDoorTokenRepository tokens, IAuditLog audit) : IDoorTokens
{
    public async Task<Result<NewDoorToken>> Create(
        Caller caller, Guid eventId, CreateDoorToken request, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        var others = await tokens.Count(locked.Unit, locked.Event.Id);
        var made = DoorToken.Make(locked.Event, request.Name, request.ExpiresAt, others, locked.Now);
        if (made.Failed(out var problem))
        {
            return problem;
        }

        var (token, secret) = made.Value;
        await tokens.Insert(locked.Unit, token);
        audit.Write(locked.Unit, Fact("made", locked.Event.Id, token.Id));
        await locked.Commit([]);
        return new NewDoorToken(token.Id, token.Name, token.CreatedAt, token.ExpiresAt, secret);
    }

    public async Task<Result<DoorTokenList>> List(Caller caller, Guid eventId, CancellationToken cancellation)
    {
        var of = new EventId(eventId);
        if (await tokens.FindOrganizer(of, cancellation) is not { } organizer ||
            (organizer != caller.User && !caller.Is(Role.Admin)))
        {
            return Problem.NotFound("event");
        }

        return new DoorTokenList(
        [
            .. (await tokens.List(of, cancellation))
                .Select(token => new DoorTokenView(token.Id, token.Name, token.CreatedAt, token.ExpiresAt)),
        ]);
    }

    public async Task<Result<Done>> Delete(Caller caller, Guid eventId, Guid id, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        if (!await tokens.Delete(locked.Unit, locked.Event.Id, id))
        {
            return Problem.NotFound("door token");
        }

        audit.Write(locked.Unit, Fact("deleted", locked.Event.Id, id));
        await locked.Commit([]);
        return new Done();
    }

    private static AuditFact Fact(string act, EventId of, Guid token) =>
        new($"door_token.{act}", $"event/{of}/door-token/{token}");
}
