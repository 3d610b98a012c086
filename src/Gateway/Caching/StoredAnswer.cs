using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Caching;

/// <summary>An answer as it was kept. Nothing in it changes: many requests are given it at once.</summary>
internal sealed record StoredAnswer
{
    public required int Status { get; init; }

    /// <summary>As the client would have got them from the upstream, <c>Age</c> taken out.</summary>
    public required IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required AnswerTimes Times { get; init; }

    public string? ETag { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Names of the request's headers that it was chosen by.</summary>
    public IReadOnlyList<string> Vary { get; init; } = [];

    /// <summary>The origin's, to purge it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool HasValidator => ETag is not null || LastModified is not null;

    public TimeSpan AgeAt(DateTimeOffset now) => Times.AgeAt(now);

    public bool IsFresh(DateTimeOffset now) => !Times.NoCache && AgeAt(now) < Times.FreshFor;

    /// <summary>Now, or where the origin fails.</summary>
    public bool IsUsable(DateTimeOffset now) => !Times.NoCache && StaleAt(now) <= Times.StaleIfError;

    /// <summary>How long past its freshness it is.</summary>
    public TimeSpan StaleAt(DateTimeOffset now) => AgeAt(now) - Times.FreshFor;
}

/// <summary>How long an answer holds (RFC 9111, 4.2).</summary>
/// <param name="At">When it came.</param>
/// <param name="AgeThen">How old it was by then, on its way and in other caches.</param>
/// <param name="FreshFor">From when the origin made it.</param>
/// <param name="NoCache">The origin is to be asked each time.</param>
/// <param name="StaleIfError">Past that, where the origin fails.</param>
/// <param name="StaleWhileRevalidate">Past that, while another request asks the origin.</param>
internal sealed record AnswerTimes(
    DateTimeOffset At,
    TimeSpan AgeThen,
    TimeSpan FreshFor,
    bool NoCache,
    TimeSpan StaleIfError,
    TimeSpan StaleWhileRevalidate)
{
    // Something to ask the origin about is worth keeping for a while past its time.
    private static readonly TimeSpan KeptWithValidator = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeptMax = TimeSpan.FromDays(2);

    public TimeSpan AgeAt(DateTimeOffset now) => now > At ? AgeThen + (now - At) : AgeThen;

    /// <summary>From when it came, until it is of no use.</summary>
    public TimeSpan KeptFor(bool hasValidator)
    {
        var past = StaleIfError > StaleWhileRevalidate ? StaleIfError : StaleWhileRevalidate;
        past = hasValidator && past < KeptWithValidator ? KeptWithValidator : past;
        var kept = FreshFor - AgeThen + past;
        return kept < KeptMax ? kept : KeptMax;
    }
}
