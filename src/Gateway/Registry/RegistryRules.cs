using System.Buffers;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Registry;

/// <summary>What a server may say of itself.</summary>
internal static class RegistryRules
{
    private const int AddressCharactersMax = 300;
    private const int PathCharactersMax = 200;
    private const int TagsMax = 16;
    private const int TagCharactersMax = 64;
    private const int WeightMax = 1_000;
    private const int LeaseSecondsMin = 5;
    private const int LeaseSecondsMax = 300;
    private const int LeaseSecondsUsual = 15;
    private const string IdRule = "must be 1 to 64 letters, digits, -, _ and .";

    private static readonly SearchValues<char> NotInAddresses = SearchValues.Create("{}*\\@?#");

    public static Result<Member> ToDomain(this RegisterService said)
    {
        var faults = new Faults();
        faults.Require(Destination.IsId(said.Cluster ?? ""), "cluster", IdRule);
        faults.Require(Destination.IsId(said.Id ?? ""), "id", IdRule);
        var address = AddressOf(said.Address, faults);
        var weight = said.Weight ?? 1;
        faults.Whole("weight", weight, 0, WeightMax);
        var tags = said.Tags ?? [];
        if (faults.Require(tags.Count <= TagsMax, "tags", $"are {TagsMax} at most"))
        {
            faults.Require(tags.All(IsTag), "tags", "are each 1 to 64 letters, digits and -_.:/=");
        }

        faults.Require(
            said.HealthPath is null || IsPath(said.HealthPath), "healthPath",
            $"must be a path such as /health: / and {PathCharactersMax} printable characters at most, no # in it");
        var lease = said.LeaseSeconds ?? LeaseSecondsUsual;
        faults.Whole("leaseSeconds", lease, LeaseSecondsMin, LeaseSecondsMax);
        return faults.Any ? faults.ToProblem() : new Member
        {
            Key = new MemberKey(said.Cluster!, said.Id!),
            Address = address!,
            Weight = weight,
            Tags = [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            HealthPath = said.HealthPath,
            LeaseSeconds = lease,
        };
    }

    private static bool IsTag(string? tag) =>
        tag is { Length: > 0 and <= TagCharactersMax } && tag.All(Destination.IsTagCharacter);

    private static bool IsPath(string path) => path.Length is > 0 and <= PathCharactersMax && path[0] == '/' &&
        path.All(c => c is > ' ' and <= '~' and not '#');

    // Nothing that could carry a secret or reach further than the server itself.
    private static Uri? AddressOf(string? said, Faults faults)
    {
        var isOne = Uri.TryCreate(said, UriKind.Absolute, out var address) && said!.Length <= AddressCharactersMax &&
            said.All(c => c is > ' ' and <= '~') && !said.AsSpan().ContainsAny(NotInAddresses) &&
            address!.Scheme is ("http" or "https") && address is
            {
                PathAndQuery: "/", UserInfo: "", Fragment: "", Host.Length: > 0, Port: >= 1 and <= 65_535,
            };
        faults.Require(isOne, "address", "must be scheme, host and port, such as http://10.0.0.11:8080");
        return isOne ? address : null;
    }
}
