namespace Gatehouse.Identity.Services;

/// <summary>One way to hash passwords. The stored text starts with the scheme's mark.</summary>
internal interface IPasswordScheme
{
    bool Made(string stored);

    string Hash(string password);

    bool Verify(string password, string stored);

    /// <summary>It was made with less work than is asked for today.</summary>
    bool IsWeak(string stored);

    /// <summary>
    /// A well-formed hash of nothing, at today's cost: to verify against it takes as long as against a real one.
    /// </summary>
    string Dummy();
}
