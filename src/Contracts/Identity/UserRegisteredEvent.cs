using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>An account was made, by its owner or for them.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Email">Its normalised address.</param>
/// <param name="Name">What to call the person, if they said.</param>
/// <param name="Language">Tag of the language to write to them in, such as <c>en</c>, if they said.</param>
public sealed record UserRegisteredEvent(
    Guid Id, DateTimeOffset OccurredAt, Guid UserId, string Email, string? Name = null, string? Language = null)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "user.registered";

    public override string AggregateId => UserId.ToString();

    public static UserRegisteredEvent Of(UserId user, string email, string? name, DateTimeOffset now) =>
        new(Ids.New(now), now, user.Value, email, name);

    public override string ToJson() => JsonSerializer.Serialize(this, IdentityJson.Default.UserRegisteredEvent);
}
