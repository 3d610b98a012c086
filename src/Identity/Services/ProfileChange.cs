using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>A merge-patch of a profile, read and without fault.</summary>
internal sealed record ProfileChange(Optional<string?> Name, Optional<string?> Language, Optional<string?> TimeZone)
{
    public static ProfileChange Parse(UpdateOwnAccount request, Faults faults) => new(
        Read(request.Name, given => User.ParseName(given, faults)),
        Read(request.Language, given => Profile.ParseLanguage(given, faults)),
        Read(request.TimeZone, given => Profile.ParseTimeZone(given, faults)));

    public User Apply(User user) => user with
    {
        Name = Name.Or(user.Name),
        Language = Language.Or(user.Language),
        TimeZone = TimeZone.Or(user.TimeZone),
    };

    private static Optional<string?> Read(Optional<string?> field, Func<string?, string?> parse) =>
        field.IsGiven ? new Optional<string?>(parse(field.Given)) : field;
}

internal static class OwnAccountViews
{
    public static OwnAccountView ToOwnView(this User user) => new()
    {
        Id = user.Id.Value,
        Email = user.Email,
        EmailVerified = user.EmailVerifiedAt is not null,
        Name = user.Name,
        Language = user.Language,
        TimeZone = user.TimeZone,
        Role = user.Role,
    };
}
