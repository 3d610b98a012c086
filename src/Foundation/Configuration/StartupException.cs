namespace Gatehouse.Foundation.Configuration;

/// <summary>The program cannot start, for a reason its operator can mend; the message is all that is shown.</summary>
public sealed class StartupException : Exception
{
    public StartupException()
    {
    }

    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
