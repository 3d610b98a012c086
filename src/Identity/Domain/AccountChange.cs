using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>What an administrator wants of an account; null leaves it.</summary>
internal sealed record AccountChange(Role? Role, bool? Disabled)
{
    public User Of(User user, DateTimeOffset now) => user with
    {
        Role = Role ?? user.Role,
        DisabledAt = Disabled switch
        {
            true => user.DisabledAt ?? now,
            false => null,
            null => user.DisabledAt,
        },
    };
}
