using System.Reflection;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Ticketing.Http;

/// <summary>Binds who stands at the door: <c>Door-Token</c>, else the account that is signed in.</summary>
internal sealed record DoorTokenHeader(DoorPass Pass) : IEndpointParameterMetadataProvider
{
    private const string Header = "Door-Token";

    public static async ValueTask<DoorTokenHeader?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers[Header];
        return header.Count == 0
            ? new DoorTokenHeader(new DoorPass(await context.SoundCallerOrNull(), null))
            : new DoorTokenHeader(new DoorPass(context.User.CallerOrNull(), header.ToString()));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new CredentialHeader(
            "doorToken", Header, "A door token of the event, in place of an organizer's access token.")
        {
            ElseRole = true,
        });
}
