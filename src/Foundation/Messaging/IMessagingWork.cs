namespace Gatehouse.Foundation.Messaging;

/// <summary>What a bus does beside publishing, while the program serves.</summary>
internal interface IMessagingWork
{
    /// <summary>Until <paramref name="stopping"/>; what is in hand is finished, unless the deadline comes.</summary>
    Task Run(CancellationToken stopping, CancellationToken deadline);
}
