namespace Gatehouse.Kernel;

/// <summary>What an account may do; each role may do what the one before it may.</summary>
public enum Role
{
    User,
    Organizer,
    Admin,
}

/// <summary>Who asks: the verified account behind a call, and the login it came from.</summary>
public sealed record Caller(UserId User, Role Role, SessionId Session)
{
    public bool Is(Role role) => Role >= role;
}
