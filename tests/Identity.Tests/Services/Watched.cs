using System.Globalization;
using Gatehouse.Identity.Services;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>bcrypt that tells of each hash it verifies against.</summary>
internal sealed class Watched(int cost, Action<string> verified) : IPasswordScheme
{
    private readonly BcryptScheme bcrypt = new(cost);

    public static int CostOf(string stored) =>
        int.Parse(stored.Split('$')[2], NumberStyles.None, CultureInfo.InvariantCulture);

    public bool Made(string stored) => bcrypt.Made(stored);

    public string Hash(string password) => bcrypt.Hash(password);

    public bool Verify(string password, string stored)
    {
        verified(stored);
        return bcrypt.Verify(password, stored);
    }

    public bool IsWeak(string stored) => bcrypt.IsWeak(stored);

    public IEnumerable<string> MakeUp(string stored) => bcrypt.MakeUp(stored);

    public string Dummy() => bcrypt.Dummy();
}
