using System.Globalization;
using System.Net.Security;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Gateway.Tls;

/// <summary>
/// Gives each handshake its certificate; refuses requests whose host is another certificate's, sends those in the clear
/// to https and tells browsers to stay there, where the settings ask for it.
/// </summary>
internal sealed class TlsGate(GatewayOptions options, ServerCertificates certificates) : IServerTls
{
    private readonly bool isOpen = !certificates.AreServed && options is { RedirectToHttps: 0, HstsDays: 0 };
    private readonly string hsts = string.Create(
        CultureInfo.InvariantCulture, $"max-age={TimeSpan.FromDays(options.HstsDays).TotalSeconds:F0}");

    public SslServerAuthenticationOptions? For(BaseConnectionContext connection, string? serverName)
    {
        var found = certificates.Table.For(HostPattern.NameOf(serverName));
        if (found is not null)
        {
            connection.Features.Set(new TlsConnection(found));
        }

        return found?.Handshake;
    }

    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (isOpen)
        {
            return next(context);
        }

        var request = context.Request;
        if (context.Features.Get<TlsConnection>() is { } connection &&
            certificates.Table.For(HostPattern.NameOf(request.Host.Value))?.Id != connection.Certificate.Id)
        {
            return EdgeAnswers.Refuse(context, new Problem(
                GatewayProblemCodes.MisdirectedRequest, "Ask again on a connection that is begun for this host."));
        }

        if (request.IsHttps)
        {
            return Tell(context, next);
        }

        return options.RedirectToHttps == 0 || OwnPaths.Hold(request.Path.Value)
            ? next(context)
            : Redirect(context);
    }

    // Last of all, over what an upstream says: one header, and ours knows which answers are over TLS.
    private Task Tell(HttpContext context, RequestDelegate next)
    {
        if (options.HstsDays > 0)
        {
            context.Response.OnStarting(
                static told =>
                {
                    var (response, value) = ((HttpResponse, string))told;
                    response.Headers.StrictTransportSecurity = value;
                    return Task.CompletedTask;
                },
                (context.Response, hsts));
        }

        return next(context);
    }

    // 308 and not 301: method and body stay what they are.
    private Task Redirect(HttpContext context)
    {
        var request = context.Request;
        var host = request.Host.Host;
        if (host.Length == 0)
        {
            return EdgeAnswers.Refuse(context, new Problem(
                GatewayProblemCodes.BadRequestFraming, "Without a host there is no address over TLS."));
        }

        if (certificates.AreServed && certificates.Table.For(HostPattern.NameOf(request.Host.Value)) is null)
        {
            // Nobody could follow: and what is not ours to speak for is not sent anywhere.
            return EdgeAnswers.Refuse(context, new Problem(
                GatewayProblemCodes.MisdirectedRequest, "No certificate here is for this host."));
        }

        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var target = raw.StartsWith('/') ? raw : request.GetEncodedPathAndQuery();
        var port = options.RedirectToHttps == 443
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $":{options.RedirectToHttps}");
        SecurityHeaders.Answer(context);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{host}{port}{target}";
        return Task.CompletedTask;
    }
}
