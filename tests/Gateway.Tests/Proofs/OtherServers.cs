using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>A server of somebody else's, and what it understood of what it was sent.</summary>
internal interface IOtherServer : IAsyncDisposable
{
    string Name { get; }

    Uri Address { get; }

    /// <summary>Since the last time.</summary>
    Task<IReadOnlyList<SeenRequest>> Take();
}

/// <summary>nginx and HAProxy pass on what they read, to a socket that keeps it.</summary>
internal sealed class PassingServer : IOtherServer
{
    private readonly RawUpstream behind = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private readonly int port = LoopbackPort.Free();
    private readonly ChildProcess child;

    private PassingServer(string name, Func<PassingServer, ChildProcess> start)
    {
        Name = name;
        child = start(this);
    }

    public string Name { get; }

    public Uri Address => new($"http://127.0.0.1:{port}");

    public static async Task<IOtherServer> Nginx()
    {
        var program = Program("nginx", "nginx-light");
        var folder = ScratchFolder.Create();
        return await Started(new PassingServer("nginx", server =>
        {
            File.WriteAllText(Path.Combine(folder, "nginx.conf"), NginxFile(folder, server));
            return ChildProcess.Start(program, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"]);
        }));
    }

    public static async Task<IOtherServer> HaProxy()
    {
        var program = Program("haproxy", "haproxy");
        var file = Path.Combine(ScratchFolder.Create(), "haproxy.cfg");
        return await Started(new PassingServer("HAProxy", server =>
        {
            File.WriteAllText(file,
                $"""
                defaults
                  mode http
                  timeout connect 2s
                  timeout client 20s
                  timeout server 20s
                frontend front
                  bind 127.0.0.1:{server.port}
                  default_backend back
                backend back
                  server one 127.0.0.1:{server.behind.Address.Port}

                """);
            return ChildProcess.Start(program, ["-db", "-f", file]);
        }));
    }

    public Task<IReadOnlyList<SeenRequest>> Take()
    {
        var seen = new List<SeenRequest>();
        while (behind.Requests.TryDequeue(out var request))
        {
            var words = request.Line.Split(' ');
            seen.Add(new SeenRequest(words[0], words[1], request.IsWhole ? request.Body : "(half) " + request.Body));
        }

        return Task.FromResult<IReadOnlyList<SeenRequest>>(seen);
    }

    public ValueTask DisposeAsync()
    {
        child.Dispose();
        behind.Dispose();
        return ValueTask.CompletedTask;
    }

    // As lenient as it can be told to be: what it lets through is to be seen, not what it would refuse.
    private static string NginxFile(string folder, PassingServer server) =>
        $$"""
        daemon off;
        master_process off;
        pid {{folder}}/pid;
        error_log stderr crit;
        events { }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen 127.0.0.1:{{server.port}};
            underscores_in_headers on;
            ignore_invalid_headers off;
            merge_slashes off;
            location / {
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header Connection "";
              proxy_pass http://127.0.0.1:{{server.behind.Address.Port}};
            }
          }
        }
        """;

    private static async Task<IOtherServer> Started(PassingServer server)
    {
        await OtherServers.Listening(server.Address.Port, server.child);
        return server;
    }

    private static string Program(string name, string package)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin").Split(':')
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Engine.Require(found is not null, name, $"Debian, Ubuntu: apt-get install {package}");
        return found!;
    }
}

/// <summary>Node.js, which tells what it read at an address of its own.</summary>
internal sealed class NodeServer : IOtherServer
{
    private const string Script =
        """
        const http = require('http');
        let seen = [];
        http.createServer((request, response) => {
          const body = [];
          request.on('data', part => body.push(part)).on('end', () => {
            if (request.url === '/__seen') {
              response.end(JSON.stringify(seen));
              seen = [];
            } else {
              seen.push({ Method: request.method, Target: request.url, Body: Buffer.concat(body).toString('latin1') });
              response.end('ok');
            }
          });
        }).listen(Number(process.argv[2]), '127.0.0.1');
        """;

    private readonly int port = LoopbackPort.Free();
    private readonly ChildProcess child;
    private readonly HttpClient client = new();

    private NodeServer(string file) => child = ChildProcess.Start("node", [file, $"{port}"]);

    public string Name => "Node.js";

    public Uri Address => new($"http://127.0.0.1:{port}");

    public static async Task<IOtherServer> Start()
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "node")));
        Engine.Require(isThere, "node", "Debian, Ubuntu: apt-get install nodejs");
        var file = Path.Combine(ScratchFolder.Create(), "server.js");
        await File.WriteAllTextAsync(file, Script);
        var server = new NodeServer(file);
        await OtherServers.Listening(server.port, server.child);
        return server;
    }

    public async Task<IReadOnlyList<SeenRequest>> Take() =>
        JsonSerializer.Deserialize<List<SeenRequest>>(await client.GetStringAsync(new Uri(Address, "/__seen")))!;

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        child.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed class KestrelServer(ProofUpstream upstream) : IOtherServer
{
    public string Name => "Kestrel";

    public Uri Address => upstream.Address;

    public static async Task<IOtherServer> Start() => new KestrelServer(await ProofUpstream.Start());

    public Task<IReadOnlyList<SeenRequest>> Take()
    {
        var seen = new List<SeenRequest>();
        while (upstream.Seen.TryDequeue(out var request))
        {
            seen.Add(request);
        }

        return Task.FromResult<IReadOnlyList<SeenRequest>>(seen);
    }

    public ValueTask DisposeAsync() => upstream.DisposeAsync();
}

internal static class OtherServers
{
    public static Task Listening(int port, ChildProcess child) => Poll.Until(
        async () =>
        {
            if (child.HasExited)
            {
                throw new InvalidOperationException(child.Said());
            }

            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(10), "the server to listen");
}
