using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>Certificates for the listener with TLS, and what follows from them for requests.</summary>
public interface IServerTls
{
    /// <summary>Null: no certificate is for that name, and the handshake is refused.</summary>
    SslServerAuthenticationOptions? For(BaseConnectionContext connection, string? serverName);

    /// <summary>Refuses or redirects a request that should have come otherwise; lets the others pass.</summary>
    Task Invoke(HttpContext context, RequestDelegate next);
}
