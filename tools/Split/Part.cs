namespace Gatehouse.Split;

/// <summary>One process of the deployment: how it is started, known to be ready, and ended.</summary>
/// <param name="Name">As the console and its log file call it.</param>
/// <param name="Program">A path, or looked up in PATH.</param>
/// <param name="Arguments">Passed on unchanged.</param>
internal sealed record Part(string Name, string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Beside what this process has, without its GATEHOUSE_ and RABBITMQ_ variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Who it runs as where this runs as root, which some servers refuse.</summary>
    public string? User { get; init; }

    public string Folder { get; init; } = "/";

    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How it is asked to end.</summary>
    public Signal End { get; init; } = Signal.Term;

    public TimeSpan EndWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What it is sent when this process dies without a word.</summary>
    public Signal WhenAbandoned { get; init; } = Signal.Kill;

    /// <summary>Whether a line of its log belongs on the console.</summary>
    public Func<string, bool> IsError { get; init; } = _ => false;
}

internal enum Signal
{
    Int = 2,
    Quit = 3,
    Kill = 9,
    Term = 15,
}
