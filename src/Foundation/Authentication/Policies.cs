using Gatehouse.Contracts.Identity;
using Microsoft.AspNetCore.Authorization;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// What <c>RequireAuthorization</c> may ask for: a permission by its name in <see cref="Permissions"/>. Without a name,
/// any account will do.
/// </summary>
internal static class Policies
{
    public static void Add(AuthorizationOptions options)
    {
        foreach (var permission in Permissions.All)
        {
            options.AddPolicy(permission, policy => policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.CallerOrNull()?.Role.May(permission) == true));
        }
    }
}
