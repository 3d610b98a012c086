namespace Gatehouse.Split;

/// <summary>Everything of one data folder: started from the engines up, and ended from the gateway down.</summary>
internal sealed class Deployment(SplitOptions options, Board board, EndSignals end) : IAsyncDisposable
{
    private readonly Ports ports = new(options.Port);
    private readonly string logs = Path.Combine(options.Data, "logs");
    private readonly List<(Layer Layer, Supervised Part)> started = [];
    private FileStream? only;

    // What is above uses what is below, and so ends before it.
    private enum Layer
    {
        Names,
        Engines,
        Modules,
        Gateway,
    }

    public async Task Run()
    {
        Prepare();
        var secrets = Secrets.Obtain(Path.Combine(options.Data, "secrets"));
        var postgres = new Postgres(options.Data, ports.Postgres, secrets.Postgres);
        var redis = new Redis(options.Data, ports.Redis, secrets.Redis);
        var rabbit = new Rabbit(options.Data, ports, secrets.Rabbit);
        board.Say("Starting PostgreSQL, Redis and RabbitMQ …");
        await Together(
            cancellation => Start(postgres, cancellation),
            cancellation => Start(redis, cancellation),
            cancellation => Start(rabbit, cancellation));

        var settings = new Dictionary<string, string>(Processes.Given(), StringComparer.OrdinalIgnoreCase)
        {
            ["GATEHOUSE_DATABASE__PROVIDER"] = "postgres",
            ["GATEHOUSE_DATABASE__CONNECTION"] = postgres.Connection,
            ["GATEHOUSE_DATABASE__PATH"] = Path.Combine(options.Data, "files"),
            ["GATEHOUSE_REDIS__CONNECTION"] = redis.Connection,
            ["GATEHOUSE_BROKER__CONNECTION"] = rabbit.Connection,
            ["GATEHOUSE_SECRETS__KEY"] = secrets.Key,
        };
        var processes = new Processes(options, ports, secrets.Registry, settings);
        await StartFirst(processes.FirstStart);
        board.Say("Starting the gateway and the modules …");
        var file = GatewayFile.Keep(options.Data, options.Gateway);
        await Together(
        [
            .. processes.All.Select(part => Starting(Layer.Modules, part)),
            Starting(Layer.Gateway, processes.Gateway(file)),
        ]);
        await Reached(processes);
        Show(processes);
        await Task.Delay(Timeout.Infinite, end.Asked);
    }

    /// <summary>The gateway first, while those behind it still answer what it has taken.</summary>
    public async ValueTask DisposeAsync()
    {
        if (started.Count > 0)
        {
            board.Say("Ending; once more Ctrl-C ends it at once …");
        }

        foreach (var layer in started.GroupBy(one => one.Layer).OrderByDescending(one => one.Key))
        {
            await Task.WhenAll(layer.Select(one => one.Part.Stop(end.Insisted)));
        }

        started.ForEach(one => one.Part.Dispose());
        only?.Dispose();
    }

    private void Prepare()
    {
        Programs.RequireEngines();
        try
        {
            Directory.CreateDirectory(logs);
            Directory.CreateDirectory(Path.Combine(options.Data, "files"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SplitException($"cannot write to {options.Data}: {failure.Message}");
        }

        try
        {
            only = new FileStream(
                Path.Combine(options.Data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SplitException(
                $"another ./run --split uses {options.Data}. End it, or name another folder with --data.");
        }

        ports.RequireFree();
    }

    private async Task Start(Postgres postgres, CancellationToken cancellation)
    {
        await postgres.Initialize(cancellation);
        await Start(Layer.Engines, postgres.Server, cancellation);
        await postgres.MakeDatabase(cancellation);
    }

    private async Task Start(Redis redis, CancellationToken cancellation)
    {
        redis.Configure();
        await Start(Layer.Engines, redis.Server, cancellation);
    }

    private async Task Start(Rabbit rabbit, CancellationToken cancellation)
    {
        await rabbit.Configure(cancellation);
        await Start(Layer.Names, rabbit.NameServer, cancellation);
        await Start(Layer.Engines, rabbit.Server, cancellation);
    }

    private async Task StartFirst(Part part)
    {
        var done = Path.Combine(options.Data, "first-start-done");
        if (File.Exists(done))
        {
            return;
        }

        board.Say("Laying tables, queues and a demo, this once …");
        using var first = new Supervised(part, board, logs);
        try
        {
            await first.Start(end.Asked);
        }
        finally
        {
            await first.Stop(end.Insisted);
        }

        await File.WriteAllTextAsync(done, "", end.Asked);
    }

    private Func<CancellationToken, Task> Starting(Layer layer, Part part) =>
        cancellation => Start(layer, part, cancellation);

    private async Task Start(Layer layer, Part part, CancellationToken cancellation)
    {
        var supervised = new Supervised(part, board, logs);
        lock (started)
        {
            started.Add((layer, supervised));
        }

        await supervised.Start(cancellation);
    }

    /// <summary>All at once; the first that fails is told, and the others are not waited for.</summary>
    private async Task Together(params Func<CancellationToken, Task>[] starts)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Asked);
        var fault = default(Exception);
        await Task.WhenAll(starts.Select(async start =>
        {
            try
            {
                await start(stop.Token);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref fault, failure, null);
                await stop.CancelAsync();
            }
        }));
        if (fault is not null)
        {
            throw fault is SplitException ? new SplitException(fault.Message) : new OperationCanceledException(
                "It was ended while it started.", fault, end.Asked);
        }
    }

    /// <summary>Until the gateway knows a process of every module.</summary>
    private async Task Reached(Processes processes)
    {
        foreach (var path in new[] { "/.well-known/jwks.json", "/events?limit=1", "/entries", "/webhooks" })
        {
            while (!await processes.Reaches(path, end.Asked))
            {
                await Task.Delay(100, end.Asked);
            }
        }
    }

    private void Show(Processes processes)
    {
        var url = processes.GatewayUrl;
        board.Say($"\n  Gatehouse is at {url}    API page: {url}/docs    health: {url}/health\n");
        var parts = started.Select(one => one.Part).ToDictionary(part => part.Name, StringComparer.Ordinal);
        foreach (var (name, port, about) in new[]
        {
            ("gateway", ports.Gateway, GatewayFile.Name), ("identity", ports.Identity, ""),
            ("ticketing-1", ports.TicketingOne, ""), ("ticketing-2", ports.TicketingTwo, ""),
            ("journal", ports.Journal, ""), ("notifications", ports.Notifications, ""),
            ("postgres", ports.Postgres, "user and database gatehouse"), ("redis", ports.Redis, ""),
            ("rabbitmq", ports.Rabbit, "user gatehouse"),
        })
        {
            board.Say($"  {name,-14} 127.0.0.1:{port,-6} process {parts[name].Id,-8} {about}".TrimEnd());
        }

        board.Say(
            $"""

              {options.Data}: logs in logs, mails in files/mail, passwords in secrets.
              Demo accounts, password gatehouse-demo:
                admin@example.org   organizer@example.org   buyer@example.org   buyer2@example.org

              Ctrl-C ends everything, and the next ./run --split goes on with the same data.

            """);
    }
}
