namespace Gatehouse.Identity.Services;

/// <summary>One way to hash passwords. The stored text starts with the scheme's mark.</summary>
internal interface IPasswordScheme
{
    bool Made(string stored);

    string Hash(string password);

    bool Verify(string password, string stored);

    /// <summary>
    /// It was not made with the work that is asked for today. More is no better: the time it takes would tell for ever
    /// that there is an account.
    /// </summary>
    bool IsWeak(string stored);

    /// <summary>
    /// Hashes of nothing: to verify against it and these takes as long as against one of today's cost. None where it
    /// takes as long or longer.
    /// </summary>
    IEnumerable<string> MakeUp(string stored);

    /// <summary>
    /// A well-formed hash of nothing, at today's cost: to verify against it takes as long as against a real one.
    /// </summary>
    string Dummy();
}
