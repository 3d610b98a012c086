using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// One signed POST to a URL that a user chose: bounded in time and in what is read, to checked addresses only.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int AnswerHeaderKilobytesMax = 16;

    private static readonly string UserAgent =
        $"Gatehouse-Webhooks/{typeof(WebhookSender).Assembly.GetName().Version?.ToString(3)}";

    private readonly HttpMessageInvoker http;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;

    public WebhookSender(WebhooksOptions options, WebhookConnections connections, TimeProvider time)
    {
        this.time = time;
        timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        http = new HttpMessageInvoker(Handler(connections));
    }

    /// <summary>Throws only when cancelled: whatever the other side does is an answer of some kind.</summary>
    public async Task<WebhookAnswer> Send(WebhookPost post, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var late = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), patience, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = Request(post);
            using var response = await http.SendAsync(request, patience.Token);
            var latency = time.GetElapsedTime(started);
            return new WebhookAnswer(latency)
            {
                HttpStatus = (int)response.StatusCode,
                RetryAfter = RetryAfter(response),
                Text = await Begin(response, patience.Token),
            };
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookAnswer(time.GetElapsedTime(started))
            {
                Error = Explain(exception),
                IsForbidden = exception.InnerException is WebhookTargetException { IsForbidden: true },
                IsOurs = IsOurs(exception),
            };
        }
    }

    public void Dispose() => http.Dispose();

    private static SocketsHttpHandler Handler(WebhookConnections connections) => new()
    {
        ConnectCallback = connections.Connect,
        // Kept for a burst; a name that has moved since is looked up, and checked, soon.
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = AnswerHeaderKilobytesMax,
        // What is not read is not waited for: the connection is closed.
        MaxResponseDrainSize = 0,
        // Ids of our traces are nobody else's business.
        ActivityHeadersPropagator = null,
        SslOptions =
        {
            // A certificate may name a URL where the one above it is to be had: another request to wherever they like.
            CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    private static HttpRequestMessage Request(WebhookPost post)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(post.Body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, post.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
            Content = content,
            Headers =
            {
                { "User-Agent", UserAgent },
                { "webhook-id", post.MessageId.ToString() },
                { "webhook-timestamp", $"{post.At.ToUnixTimeSeconds()}" },
                { "webhook-signature", post.Signatures },
            },
        };
        request.Options.Set(WebhookConnections.Owner, post.Owner);
        return request;
    }

    // The status has come and says what counts; the rest is for the log, as far as there is time for it.
    private static async Task<string?> Begin(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[AnswerBytesMax];
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            int more;
            while (read < buffer.Length && (more = await body.ReadAsync(buffer.AsMemory(read), cancellation)) > 0)
            {
                read += more;
            }
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // As much as came.
        }

        return WebhookAnswer.Shown(buffer.AsSpan(0, read));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        var asked = response.Headers.RetryAfter;
        return asked?.Delta ?? (asked?.Date is { } date ? date - time.Now() : null);
    }

    // The program is ending, or there is no place to look a name up or no socket left.
    private static bool IsOurs(Exception exception) => exception is ObjectDisposedException ||
        exception.InnerException is LookupBusyException ||
        exception.InnerException is SocketException
        {
            SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable,
        };

    private string Explain(Exception exception) => exception switch
    {
        OperationCanceledException => $"No answer within {timeout.TotalSeconds} s.",
        { InnerException: WebhookTargetException or LookupBusyException } => exception.InnerException.Message,
        { InnerException: SocketException socket } => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "The connection was refused.",
            _ => "It could not be connected to.",
        },
        { InnerException: AuthenticationException } => "Its certificate is not valid.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed.",
        _ => "It did not answer as HTTP says.",
    };
}

/// <summary>What is sent.</summary>
/// <param name="Owner">Of the webhook.</param>
/// <param name="Signatures">With a space between.</param>
internal sealed record WebhookPost(
    Uri Url, UserId Owner, Guid MessageId, DateTimeOffset At, string Signatures, string Body);
