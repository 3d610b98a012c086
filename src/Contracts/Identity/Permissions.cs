using System.Collections.Frozen;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// What an endpoint may ask for, and what each role may do. Whose event, booking or webhook it is, is asked apart:
/// where it is looked up.
/// </summary>
public static class Permissions
{
    /// <summary>Make events, and change those of one's own; of all with <see cref="EventsDelete"/>.</summary>
    public const string EventsManage = "events.manage";

    public const string EventsDelete = "events.delete";

    /// <summary>Look at accounts; their addresses included.</summary>
    public const string UsersView = "users.view";

    /// <summary>Give roles, disable and enable accounts, end their sessions.</summary>
    public const string UsersManage = "users.manage";

    /// <summary>Who did what.</summary>
    public const string AuditView = "audit.view";

    /// <summary>Jobs, schedules, breakers, dead letters and mails: look.</summary>
    public const string OperationsView = "operations.view";

    /// <summary>The same: try again, drop, force.</summary>
    public const string OperationsManage = "operations.manage";

    private static readonly FrozenDictionary<Role, FrozenSet<string>> ByRole = new Dictionary<Role, string[]>
    {
        [Role.User] = [],
        [Role.Organizer] = [EventsManage],
        [Role.Admin] =
        [
            EventsManage,
            EventsDelete,
            UsersView,
            UsersManage,
            AuditView,
            OperationsView,
            OperationsManage,
        ],
    }.ToFrozenDictionary(role => role.Key, role => role.Value.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>All there are, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. ByRole.Values.SelectMany(names => names).Distinct().Order(StringComparer.Ordinal)];

    public static IReadOnlyCollection<string> Of(Role role) => ByRole[role];

    public static bool May(this Role role, string permission) => ByRole[role].Contains(permission);
}
