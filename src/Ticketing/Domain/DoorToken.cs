using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>What opens the door of one event and nothing else, as it is kept.</summary>
internal sealed record DoorToken(
    Guid Id, EventId Event, string Name, string Hash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public const int PerEventMax = 100;
    public const int NameCharactersMax = 100;
    private const string Prefix = "door_";
    private const int SecretBytes = 32;
    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static Result<(DoorToken Kept, string Secret)> Make(
        Event of, string? name, DateTimeOffset? expiresAt, int others, DateTimeOffset now)
    {
        var faults = new Faults();
        var clean = faults.Text("name", name, 1, NameCharactersMax);
        faults.Require(others < PerEventMax, "name", $"an event has {PerEventMax} door tokens at most; delete one");
        var end = of.Details.EndAt > now ? of.Details.EndAt : now;
        var until = expiresAt?.ToMicroseconds() ?? end + Usual;
        faults.Require(until > now, "expiresAt", "must be ahead");
        faults.Require(
            until <= end + Longest, "expiresAt", $"must be {Longest.Days} days after the end of the event at most");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (new DoorToken(Ids.New(now), of.Id, clean, HashOf(secret), now, until), secret);
    }

    /// <summary>256 random bits need no salt and no slow hash.</summary>
    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
