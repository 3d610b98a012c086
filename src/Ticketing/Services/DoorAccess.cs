using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Who may stand at the door of an event: by a token of that event, else as it is theirs.</summary>
internal sealed class DoorAccess(IDoorTokenRepository tokens, TimeProvider time)
{
    private const int TokenCharactersMax = 100;

    /// <summary>The id of the account, or of the door token.</summary>
    public async Task<Result<Guid>> Open(DoorPass pass, EventId of, CancellationToken cancellation)
    {
        if (pass.Token is { } secret)
        {
            return await OpenByToken(secret, of, cancellation);
        }

        if (pass.Caller is not { } caller)
        {
            return new Problem(
                ProblemCodes.Unauthenticated, "Sign in as the organizer, or send a Door-Token of the event.");
        }

        if (!caller.Role.May(Permissions.EventsManage))
        {
            return new Problem(ProblemCodes.Forbidden, "Only organizers stand at the door without a Door-Token.");
        }

        var organizer = await tokens.FindOrganizer(of, cancellation);
        return organizer is { } its && (its == caller.User || caller.Is(Role.Admin))
            ? caller.User.Value
            : Problem.NotFound("event");
    }

    private async Task<Result<Guid>> OpenByToken(string secret, EventId of, CancellationToken cancellation)
    {
        if (secret.Length > TokenCharactersMax ||
            await tokens.Find(DoorToken.HashOf(secret), cancellation) is not { } token || token.ExpiresAt <= time.Now())
        {
            return TicketingProblems.InvalidDoorToken();
        }

        return token.Event == of ? token.Id : Problem.NotFound("event");
    }
}
