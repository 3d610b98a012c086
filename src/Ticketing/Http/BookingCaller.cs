using System.Reflection;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Ticketing.Http;

/// <summary>
/// Binds who asks for a booking: by token, or by the secret of a guest's booking. Without either it answers 401.
/// </summary>
internal sealed record BookingCaller(BookingAccess Access) : IEndpointParameterMetadataProvider
{
    private const string Header = "Booking-Secret";
    private const int LengthMax = 100;

    public static async ValueTask<BookingCaller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var secret = context.Request.Headers[Header];
        var caller = await context.SoundCallerOrNull();
        if (secret.Count == 0 && caller is null)
        {
            throw new ProblemException(new Problem(
                ProblemCodes.Unauthenticated,
                $"Send an access token, or the secret of a guest's booking as {Header}."));
        }

        if (secret.Count > 1 || secret.ToString().Length > LengthMax)
        {
            throw new ProblemException(new Problem(ProblemCodes.InvalidHeader, $"{Header} is no secret of a booking."));
        }

        context.Response.Headers.CacheControl = "no-store";
        // What it opens or not is said where the booking is looked up, by the same words as for an unknown one.
        return new BookingCaller(new BookingAccess(caller, secret.Count == 0 ? null : secret.ToString()));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new CredentialHeader(
            "bookingSecret",
            Header,
            "What the answer to a guest's booking showed: opens that booking, without a token."));
}
