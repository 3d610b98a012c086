namespace Gatehouse.Kernel;

/// <summary>
/// A refusal with its reason: what RFC 9457 puts on the wire, without HTTP. A value, not an exception.
/// </summary>
/// <param name="Code">Which kind of failure.</param>
/// <param name="Detail">What happened this time and what would help; never an internal.</param>
public sealed record Problem(ProblemCode Code, string Detail)
{
    /// <summary>Field name to messages, all faults at once; empty unless fields are at fault.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = NoErrors;

    /// <summary>
    /// Numbers a client can use, such as <c>available</c>; they become members of the problem document.
    /// </summary>
    public IReadOnlyDictionary<string, long> Facts { get; init; } = NoFacts;

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    private static readonly IReadOnlyDictionary<string, string[]> NoErrors = new Dictionary<string, string[]>();
    private static readonly IReadOnlyDictionary<string, long> NoFacts = new Dictionary<string, long>();

    /// <summary>The same answer for what does not exist and for what belongs to someone else.</summary>
    public static Problem NotFound(string what) => new(ProblemCodes.NotFound, $"There is no such {what}.");

    public static Problem Busy(string detail, TimeSpan retryAfter) =>
        new(ProblemCodes.Busy, detail) { RetryAfter = retryAfter };
}
