using System.Net.Sockets;

namespace Gatehouse.Split;

/// <summary>A RabbitMQ of our own, with an epmd of its own, so that it meets no other node of the machine.</summary>
internal sealed class Rabbit(string data, Ports ports, string password)
{
    private const string System = "rabbitmq";
    private const string Name = "gatehouse";
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];

    private readonly string folder = Path.Combine(data, "rabbitmq");

    public string Connection => $"amqp://{Name}:{password}@127.0.0.1:{ports.Rabbit}/";

    /// <summary>In the foreground, to end with us: the one that Erlang starts by itself stays for ever.</summary>
    public Part NameServer => new("epmd", Programs.Epmd!, "-port", $"{ports.ErlangNames}", "-address", "127.0.0.1")
    {
        User = System,
        IsReady = cancellation => Connects(ports.ErlangNames, cancellation),
    };

    public Part Server => new("rabbitmq", Programs.Rabbit!)
    {
        User = System,
        Environment = Variables(),
        IsReady = Greets,
        IsError = line => line.Contains("[error]", StringComparison.Ordinal) ||
            line.Contains("[critical]", StringComparison.Ordinal),
    };

    public async Task Configure(CancellationToken cancellation)
    {
        await Folders.Make(folder, System, cancellation);
        var file = Path.Combine(folder, "rabbitmq.conf");
        Secrets.Write(file, $"default_user = {Name}\ndefault_pass = {password}\n");
        await Folders.Give(file, System, cancellation);
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        // The cookie of the Erlang node is made there.
        ["HOME"] = folder,
        ["ERL_EPMD_PORT"] = $"{ports.ErlangNames}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        // Makes the script become the server instead of waiting for it.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["RABBITMQ_NODENAME"] = $"{Name}@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{ports.Rabbit}",
        ["RABBITMQ_DIST_PORT"] = $"{ports.Erlang}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
    };

    /// <summary>It listens last of all; a client's greeting is answered then.</summary>
    private async Task<bool> Greets(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", ports.Rabbit, cancellation);
            await using var stream = client.GetStream();
            await stream.WriteAsync(ProtocolHeader, cancellation);
            return await stream.ReadAsync(new byte[1], cancellation) > 0;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> Connects(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
