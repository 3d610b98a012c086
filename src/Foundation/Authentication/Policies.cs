using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authorization;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// What <c>RequireAuthorization</c> may ask for: a permission by its name in <see cref="Permissions"/>, or the least
/// role. Without a name, any account will do.
/// </summary>
public static class Policies
{
    public const string Organizer = "organizer";
    public const string Admin = "admin";

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Organizer, policy => Require(policy, caller => caller.Is(Role.Organizer)));
        options.AddPolicy(Admin, policy => Require(policy, caller => caller.Is(Role.Admin)));
        foreach (var permission in Permissions.All)
        {
            options.AddPolicy(permission, policy => Require(policy, caller => caller.Role.May(permission)));
        }
    }

    private static void Require(AuthorizationPolicyBuilder policy, Func<Caller, bool> may) => policy
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.CallerOrNull() is { } caller && may(caller));
}
