using System.Globalization;
using Gatehouse.Gateway.Registry;

namespace Gatehouse.Gateway.Tests.Registry;

/// <summary>Members to try things with.</summary>
internal static class Members
{
    public static Member Of(string cluster, string id, int lease = 15, int port = 8081, params string[] tags) => new()
    {
        Key = new MemberKey(cluster, id),
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
        Tags = tags,
        LeaseSeconds = lease,
    };

    public static StoredMember Stored(Member member, double left = 15) =>
        new(member, default, default, TimeSpan.FromSeconds(left));
}
