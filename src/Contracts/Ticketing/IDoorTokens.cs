using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// Tokens for the people at the door of one event, who may check in, undo, count and look guests up, and nothing else.
/// For its organizer and administrators; to anyone else the event is <c>not_found</c>.
/// </summary>
public interface IDoorTokens
{
    /// <summary>100 an event at most. Codes: <c>not_found</c>, <c>validation_failed</c>.</summary>
    Task<Result<NewDoorToken>> Create(
        Caller caller, Guid eventId, CreateDoorToken request, CancellationToken cancellation);

    /// <summary>Without their secrets, newest first.</summary>
    Task<Result<DoorTokenList>> List(Caller caller, Guid eventId, CancellationToken cancellation);

    /// <summary>It opens nothing from now on. Code: <c>not_found</c>.</summary>
    Task<Result<Done>> Delete(Caller caller, Guid eventId, Guid id, CancellationToken cancellation);
}

/// <param name="Name">Whose or where it is, 1 to 100 characters.</param>
/// <param name="ExpiresAt">At most 30 days after the end of the event; 1 day after it unless given.</param>
public sealed record CreateDoorToken(string? Name = null, DateTimeOffset? ExpiresAt = null);

public sealed record DoorTokenView(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>All door tokens of an event, 100 at most.</summary>
public sealed record DoorTokenList(IReadOnlyList<DoorTokenView> Items);

/// <param name="Token">Goes into the header <c>Door-Token</c>. It is shown this once.</param>
public sealed record NewDoorToken(
    Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Token);
