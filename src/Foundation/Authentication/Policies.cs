using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authorization;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// What <c>RequireAuthorization</c> may ask for: the least role. Without a name, any account will do.
/// </summary>
public static class Policies
{
    public const string Organizer = "organizer";
    public const string Admin = "admin";

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Organizer, policy => AtLeast(policy, Role.Organizer));
        options.AddPolicy(Admin, policy => AtLeast(policy, Role.Admin));
    }

    private static void AtLeast(AuthorizationPolicyBuilder policy, Role role) => policy
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.CallerOrNull()?.Is(role) == true);
}
