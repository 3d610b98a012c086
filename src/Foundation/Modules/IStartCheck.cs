namespace Gatehouse.Foundation.Modules;

/// <summary>What would stop a start and only its module can see. It looks, and makes nothing.</summary>
public interface IStartCheck
{
    /// <summary>Whose database it reads.</summary>
    string Module { get; }

    /// <summary>What it looks at, in an operator's words.</summary>
    string Subject { get; }

    /// <summary>Each fault; none when all is well.</summary>
    /// <param name="readable">The module's tables and the secret key are there. Without them it looks at settings
    /// only.</param>
    Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation);
}
