using Gatehouse.Contracts.Gateway;
using Gatehouse.Gateway.Configuration;

namespace Gatehouse.Gateway.Services;

/// <summary>What of the file is in force, and what was refused since.</summary>
/// <param name="Revision">Of the snapshot; 0 without one.</param>
/// <param name="Hash">SHA-256 of the file in force, in hexadecimal.</param>
/// <param name="At">Since when.</param>
/// <param name="Document">As it is written.</param>
/// <param name="ValueFiles">That it has taken values from.</param>
/// <param name="Refusal">Of the last reading; null when that is in force.</param>
internal sealed record ConfigState(
    long Revision,
    string Hash,
    DateTimeOffset At,
    MapNode? Document,
    IReadOnlyCollection<string> ValueFiles,
    Refusal? Refusal)
{
    public static readonly ConfigState None = new(0, "", default, null, [], null);
}

/// <param name="At">When it was read.</param>
/// <param name="Hash">Of what was read.</param>
internal sealed record Refusal(DateTimeOffset At, string Hash, GatewayFileReport Report);
