namespace Gatehouse.Foundation.Modules;

/// <summary>Fills an empty database with something to look at, in the Development environment only.</summary>
public interface IDemoData
{
    /// <summary>Lower runs first: accounts before what they own.</summary>
    int Order { get; }

    /// <summary>Does nothing, and answers false, where there is data already.</summary>
    Task<bool> Seed(CancellationToken cancellation);
}
