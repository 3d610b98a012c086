using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>An account was made, by its owner or for them.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Email">Its normalised address.</param>
public sealed record UserRegisteredEvent(Guid Id, DateTimeOffset OccurredAt, Guid UserId, string Email)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.registered";

    public override string AggregateId => UserId.ToString();

    public static UserRegisteredEvent Of(UserId user, string email, DateTimeOffset now) =>
        new(Ids.New(now), now, user.Value, email);

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserRegisteredEvent);
}
