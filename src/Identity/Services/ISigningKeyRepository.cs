using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Services;

internal interface ISigningKeyRepository
{
    /// <summary>
    /// Keeps the key unless one signs already: of several instances that start at once, one succeeds.
    /// </summary>
    Task AddUnlessActive(SigningKey key, CancellationToken cancellation);

    /// <summary>Every key, the newest first.</summary>
    Task<IReadOnlyList<SigningKey>> All(CancellationToken cancellation);
}
