namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Takes the whole machine: run one after another, when the others are through.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
