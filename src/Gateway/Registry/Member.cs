using Gatehouse.Contracts.Gateway;

namespace Gatehouse.Gateway.Registry;

/// <summary>Who a server is: the same again takes the place of the one before.</summary>
/// <param name="Cluster">The name it registered under.</param>
internal readonly record struct MemberKey(string Cluster, string Id);

/// <summary>A server that registered.</summary>
internal sealed record Member
{
    public required MemberKey Key { get; init; }

    /// <summary>Scheme, host and port.</summary>
    public required Uri Address { get; init; }

    public int Weight { get; init; } = 1;

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? HealthPath { get; init; }

    public required int LeaseSeconds { get; init; }

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}

/// <summary>A member as the store has it, by the store's own clock.</summary>
/// <param name="Left">Of its lease, when it was read; nothing or less when it has run out.</param>
internal sealed record StoredMember(
    Member Member, DateTimeOffset RegisteredAt, DateTimeOffset ExpiresAt, TimeSpan Left)
{
    public bool IsLive => Left > TimeSpan.Zero;

    public RegisteredService ToContract() => new(
        Member.Key.Cluster,
        Member.Key.Id,
        Member.Address.GetLeftPart(UriPartial.Authority),
        Member.Weight,
        Member.Tags,
        Member.HealthPath,
        Member.LeaseSeconds,
        RegisteredAt,
        ExpiresAt,
        IsLive ? "live" : "kept");
}
