namespace Gatehouse.Identity.Services;

/// <summary>Time zones that are still to be told, of people who chose them before anyone listened.</summary>
internal interface IZonesToTellRepository
{
    /// <summary>
    /// Publishes <c>user.profile_changed</c> for some of them, as of that time, and forgets these in the same
    /// transaction; answers how many.
    /// </summary>
    Task<int> Tell(DateTimeOffset at, int limit, CancellationToken cancellation);
}
