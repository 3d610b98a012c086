using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>What an owner, and other modules, are told of an account, in the transaction of what happened.</summary>
internal static class Notices
{
    public static SecurityNoticeEvent Notice(this User user, SecurityNotice notice, DateTimeOffset now) => new(
        Ids.New(now),
        now,
        user.Id.Value,
        user.Email,
        user.Name,
        user.Language,
        notice,
        Device: null,
        RequestFacts.Current.ClientAddress);

    public static UserProfileChangedEvent ProfileChanged(this User user, DateTimeOffset now) =>
        new(Ids.New(now), now, user.Id.Value, user.Email, user.Name, user.Language, user.TimeZone);
}
