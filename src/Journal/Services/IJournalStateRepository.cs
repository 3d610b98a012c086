using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

internal interface IJournalStateRepository
{
    /// <summary>As they are at this moment; none for who never wrote.</summary>
    Task<IReadOnlyDictionary<UserId, Guid>> Find(IReadOnlyCollection<UserId> owners);
}
