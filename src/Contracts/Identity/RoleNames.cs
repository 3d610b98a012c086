using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>A role as it is written in JSON, in tokens, in the table and on the command line.</summary>
public static class RoleNames
{
    public static string ToName(this Role role) => role switch
    {
        Role.User => "user",
        Role.Organizer => "organizer",
        Role.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };

    public static bool TryParse(string? name, out Role role)
    {
        (var known, role) = name switch
        {
            "user" => (true, Role.User),
            "organizer" => (true, Role.Organizer),
            "admin" => (true, Role.Admin),
            _ => (false, default),
        };
        return known;
    }

    public static Role Parse(string name) =>
        TryParse(name, out var role) ? role : throw new FormatException($"'{name}' is not a role.");
}

/// <summary>Roles in JSON, spelt as <see cref="RoleNames"/> spells them elsewhere.</summary>
public sealed class RoleJsonConverter()
    : JsonStringEnumConverter<Role>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
