namespace Gatehouse.Bench.Login;

/// <summary>What <c>benchmarks/results/login.json</c> holds.</summary>
internal sealed record LoginReport(
    DateTimeOffset MeasuredAt, IReadOnlyList<LoginTiming> Timings, LoginCrowd Crowd);

/// <summary>How long a wrong password takes, of an account and of nobody.</summary>
/// <param name="BcryptCost">Of the hash.</param>
/// <param name="Samples">Of each kind, by turns.</param>
/// <param name="KnownMs">Median.</param>
/// <param name="UnknownMs">Median.</param>
/// <param name="P">That they differ so by chance (Mann-Whitney); below 0.01 one can tell them apart.</param>
/// <param name="SameBytes">Every body was the same to the byte, with the same headers.</param>
internal sealed record LoginTiming(
    int BcryptCost, int Samples, double KnownMs, double UnknownMs, double P, bool SameBytes)
{
    public double GapMs => Math.Abs(KnownMs - UnknownMs);
}

/// <summary>What others notice of many who log in at once.</summary>
/// <param name="Clients">Who log in at once, again and again; a 503 is waited out.</param>
/// <param name="Succeeded">Logins.</param>
/// <param name="Busy">Answers 503.</param>
/// <param name="Failed">All other answers.</param>
/// <param name="FirstFailure">The first of them.</param>
internal sealed record LoginCrowd(
    int Clients, Latency Idle, Latency Crowded, long Succeeded, long Busy, long Failed, string? FirstFailure)
{
    public double Ratio => Crowded.P99Ms / Idle.P99Ms;
}

/// <summary>Of requests sent at a steady pace.</summary>
internal sealed record Latency(int Requests, double P50Ms, double P99Ms, double MaxMs);
