using System.Globalization;
using Gatehouse.Testing;

namespace Gatehouse.Bench.Gateway;

/// <summary>One of the programs that are measured, in the foreground, on a core and a port of its own.</summary>
internal sealed class Proxy : IDisposable
{
    private const string ProxyCore = "0";
    public const string OtherCore = "1";

    private readonly ChildProcess child;

    private Proxy(string name, int port, ChildProcess child) => (Name, Port, this.child) = (name, port, child);

    public string Name { get; }

    public int Port { get; }

    /// <summary>The upstream of all: two files, from memory.</summary>
    public static Proxy Files(string folder)
    {
        var port = LoopbackPort.Free();
        Directory.CreateDirectory(Path.Combine(folder, "www", "files"));
        File.WriteAllText(Path.Combine(folder, "www", "files", "1k"), new string('x', 1024));
        File.WriteAllText(Path.Combine(folder, "www", "files", "64k"), new string('x', 65_536));
        return Nginx("files", folder, port, OtherCore, $$"""
            access_log off;
            server { listen 127.0.0.1:{{port}} backlog=2048; root {{folder}}/www; default_type text/plain;
              open_file_cache max=10; }
            """);
    }

    public static Proxy Ours(string folder, int upstream)
    {
        var port = LoopbackPort.Free();
        return Start("gatehouse", folder, port, ProxyCore, "dotnet",
            [typeof(Proxy).Assembly.Location, GatewayInstance.Command, Text(port), Text(upstream)]);
    }

    public static Proxy Nginx(string folder, int upstream)
    {
        var port = LoopbackPort.Free();
        return Nginx("nginx", folder, port, ProxyCore, $$"""
            access_log {{folder}}/nginx-access.log;
            upstream files { server 127.0.0.1:{{upstream}}; keepalive 1024; keepalive_requests 1000000; }
            server { listen 127.0.0.1:{{port}} backlog=2048; keepalive_requests 1000000;
              location /files/ { proxy_pass http://files; proxy_http_version 1.1; proxy_set_header Connection "";
                proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
                proxy_set_header X-Request-Id $request_id; } }
            """);
    }

    public static Proxy Haproxy(string folder, int upstream)
    {
        var port = LoopbackPort.Free();
        File.WriteAllText(Path.Combine(folder, "haproxy.cfg"), $"""
            global
              nbthread 1
              maxconn 4000
              log stdout format raw local0
            defaults
              mode http
              log global
              option httplog
              option forwardfor
              unique-id-format %[uuid]
              unique-id-header X-Request-Id
              timeout connect 5s
              timeout client 30s
              timeout server 30s
              http-reuse always
            frontend in
              bind 127.0.0.1:{port}
              use_backend files if {"{"} path_beg /files/ {"}"}
            backend files
              server one 127.0.0.1:{upstream}

            """);
        return Start("haproxy", folder, port, ProxyCore, "haproxy", ["-db", "-f", $"{folder}/haproxy.cfg"]);
    }

    public static Proxy Caddy(string folder, int upstream)
    {
        var port = LoopbackPort.Free();
        File.WriteAllText(Path.Combine(folder, "Caddyfile"), $$"""
            {
              admin off
              auto_https off
            }
            http://127.0.0.1:{{port}} {
              log {
                output file {{folder}}/caddy-access.log
              }
              handle /files/* {
                reverse_proxy 127.0.0.1:{{upstream}} {
                  header_up X-Request-Id {http.request.uuid}
                  transport http {
                    keepalive_idle_conns_per_host 1024
                  }
                }
              }
            }

            """);
        return Start("caddy", folder, port, ProxyCore, "env",
            ["GOMAXPROCS=1", $"HOME={folder}", "caddy", "run", "--config", $"{folder}/Caddyfile",
                "--adapter", "caddyfile"]);
    }

    public void Dispose() => child.Dispose();

    // One process: a worker would outlive a master that was killed.
    private static Proxy Nginx(string name, string folder, int port, string core, string http)
    {
        var work = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(work, "nginx.conf"), $$"""
            daemon off; master_process off; pid {{work}}/pid; error_log {{work}}/error.log;
            events { worker_connections 8192; }
            http { client_body_temp_path {{work}}/b; proxy_temp_path {{work}}/p; fastcgi_temp_path {{work}}/f;
              uwsgi_temp_path {{work}}/u; scgi_temp_path {{work}}/s; sendfile on; keepalive_timeout 75;
              {{http}} }
            """);
        return Start(name, folder, port, core, "nginx", ["-p", work, "-c", $"{work}/nginx.conf"]);
    }

    // What it writes goes to a file, as in service: nobody's processor time is spent on reading it.
    private static Proxy Start(
        string name, string folder, int port, string core, string program, IEnumerable<string> arguments) =>
        new(name, port, ChildProcess.Start("sh",
            ["-c", "out=$1; core=$2; shift 2; exec taskset -c \"$core\" \"$@\" > \"$out\" 2>&1", "sh",
                $"{folder}/{name}.out", core, program, .. arguments]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
