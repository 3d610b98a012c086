using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gatehouse.Foundation.Http;

/// <summary>Both addresses of a process with TLS; listening in code leaves addresses said elsewhere aside.</summary>
public static class Listeners
{
    public static void Listen(KestrelServerOptions kestrel, HttpOptions options, IServerTls tls)
    {
        Listen(kestrel, options.Url, _ => { });
        Listen(kestrel, options.HttpsUrl, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromSeconds(options.HeaderSeconds),
            OnConnection = hello => new(
                tls.For(hello.Connection, hello.ClientHelloInfo.ServerName) ??
                throw new AuthenticationException("No certificate is for the name that the client asked for.")),
        }));
    }

    // As the server itself reads an address: a name that is none of these stands for every interface.
    private static void Listen(KestrelServerOptions kestrel, string url, Action<ListenOptions> prepare)
    {
        var address = BindingAddress.Parse(url);
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, prepare);
        }
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, prepare);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, prepare);
        }
    }
}
