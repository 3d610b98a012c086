using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>
/// A small SMTP server on a free loopback port that keeps what it is given, and fails where its script says so.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    // One character a byte, so that what was sent can be told from what should have been.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly TcpListener listener;
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<SinkMail> mails = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Task accepting;

    private SmtpSink(int port, X509Certificate2? certificate)
    {
        this.certificate = certificate;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Accept();
    }

    public int Port { get; }

    /// <summary>What was accepted, in order.</summary>
    public IReadOnlyList<SinkMail> Mails => [.. mails];

    /// <summary>What clients said, without the mails.</summary>
    public IReadOnlyList<string> Commands => [.. commands];

    /// <summary>
    /// Asked at each command, at <c>CONNECT</c> and at <c>.</c>, the end of a mail: what to do in place of the usual.
    /// </summary>
    public Func<string, SinkAct?> Script { get; set; } = _ => null;

    /// <summary>User and password that are asked for; none unless set.</summary>
    public (string User, string Password)? Account { get; set; }

    /// <param name="port">A free one unless given.</param>
    /// <param name="certificate">With it STARTTLS is offered, and demanded before a mail.</param>
    public static SmtpSink Start(int port = 0, X509Certificate2? certificate = null) => new(port, certificate);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task Accept()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(Converse(await listener.AcceptTcpClientAsync(stopping.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task Converse(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new Conversation(this, client.GetStream()).Run(stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client went, or the test is over.
            }
        }
    }

    private sealed class Conversation(SmtpSink sink, Stream connection)
    {
        private readonly List<string> recipients = [];
        private Stream stream = connection;
        private readonly List<byte> buffer = [];
        private string sender = "";
        private bool secured;

        public async Task Run(CancellationToken cancellation)
        {
            var said = "CONNECT";
            while (said is not null)
            {
                if (said != ".")
                {
                    sink.commands.Enqueue(said);
                }

                var act = sink.Script(said) ?? SinkAct.Usual;
                if (act.Hangs)
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                if (act is { Drops: true, Keeps: false })
                {
                    return;
                }

                if (said == "." && (act.Text is null || act.Keeps))
                {
                    sink.mails.Enqueue(new SinkMail(sender, [.. recipients], Bytes.GetString([.. buffer]), secured));
                }

                if (act.Drops || !await Answer(said, act.Text, cancellation))
                {
                    return;
                }

                said = said == "DATA" && act.Text is null ? await Mail(cancellation) : await Line(cancellation);
            }
        }

        private async Task<bool> Answer(string said, string? scripted, CancellationToken cancellation)
        {
            var text = scripted ?? await Usual(said, cancellation);
            await stream.WriteAsync(Bytes.GetBytes(text + "\r\n"), cancellation);
            if (scripted is null && said == "STARTTLS")
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(sink.certificate!);
                (stream, secured) = (secure, true);
            }

            return said != "QUIT" && !text.StartsWith("421", StringComparison.Ordinal);
        }

        private async Task<string> Usual(string said, CancellationToken cancellation)
        {
            switch (said.Split(' ')[0].ToUpperInvariant())
            {
                case "CONNECT":
                    return "220 sink ESMTP";
                case "EHLO":
                    return Greeting();
                case "STARTTLS":
                    return "220 go ahead";
                case "AUTH":
                    return await Authenticate(said, cancellation);
                case "MAIL" when sink.certificate is not null && !secured:
                    return "530 5.7.0 Must issue a STARTTLS command first";
                case "MAIL":
                    sender = said;
                    recipients.Clear();
                    return "250 OK";
                case "RCPT":
                    recipients.Add(said[(said.IndexOf('<', StringComparison.Ordinal) + 1)..said.IndexOf('>', 0)]);
                    return "250 OK";
                case "DATA":
                    return "354 go ahead";
                case "QUIT":
                    return "221 bye";
                default:
                    return "250 OK";
            }
        }

        private string Greeting()
        {
            var lines = new List<string> { "sink", "SMTPUTF8", "8BITMIME" };
            if (sink.certificate is not null && !secured)
            {
                lines.Add("STARTTLS");
            }

            if (sink.Account is not null)
            {
                lines.Add("AUTH LOGIN");
            }

            return string.Join("\r\n", lines.Select((line, i) => $"250{(i < lines.Count - 1 ? '-' : ' ')}{line}"));
        }

        private async Task<string> Authenticate(string said, CancellationToken cancellation)
        {
            var user = Encoding.UTF8.GetString(Convert.FromBase64String(said.Split(' ')[^1]));
            await stream.WriteAsync("334 UGFzc3dvcmQ6\r\n"u8.ToArray(), cancellation);
            var password = Encoding.UTF8.GetString(Convert.FromBase64String(await Line(cancellation) ?? ""));
            return (user, password) == sink.Account ? "235 OK" : "535 5.7.8 Authentication credentials invalid";
        }

        private async Task<string?> Mail(CancellationToken cancellation)
        {
            buffer.Clear();
            while (await Line(cancellation) is { } line)
            {
                if (line == ".")
                {
                    return ".";
                }

                buffer.AddRange(Bytes.GetBytes(line.StartsWith('.') ? line[1..] : line));
                buffer.AddRange("\r\n"u8);
            }

            return null;
        }

        // Null at the end of the conversation. Byte by byte: what follows STARTTLS is not ours to read ahead.
        private async Task<string?> Line(CancellationToken cancellation)
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, cancellation) == 1)
            {
                if (one[0] == '\n')
                {
                    return Bytes.GetString([.. line]).TrimEnd('\r');
                }

                line.Add(one[0]);
            }

            return null;
        }
    }
}

/// <summary>A mail as it came.</summary>
/// <param name="Sender">The MAIL command.</param>
/// <param name="Recipients">Addresses of the envelope.</param>
/// <param name="Text">Headers and body, one character a byte.</param>
/// <param name="Secured">It came after STARTTLS.</param>
public sealed record SinkMail(string Sender, IReadOnlyList<string> Recipients, string Text, bool Secured);

/// <summary>What a sink does in place of the usual.</summary>
public sealed record SinkAct
{
    public static readonly SinkAct Usual = new();

    /// <summary>It says nothing more and keeps the connection.</summary>
    public static readonly SinkAct Hang = new() { Hangs = true };

    /// <summary>It closes the connection without a word.</summary>
    public static readonly SinkAct Drop = new() { Drops = true };

    /// <summary>It keeps the mail and closes before it says so.</summary>
    public static readonly SinkAct KeepAndDrop = new() { Drops = true, Keeps = true };

    public string? Text { get; private init; }

    public bool Hangs { get; private init; }

    public bool Drops { get; private init; }

    public bool Keeps { get; private init; }

    public static SinkAct Reply(string text) => new() { Text = text };
}
