using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Hashes with today's scheme and verifies those of any. bcrypt where the operating system has it, PBKDF2 elsewhere.
/// </summary>
internal sealed class PasswordService
{
    private readonly HashGate gate;
    private readonly IPasswordScheme today;
    private readonly IPasswordScheme[] schemes;

    public PasswordService(HashGate gate, IdentityOptions options)
        : this(gate, BcryptScheme.IsAvailable
            ? [new BcryptScheme(options.BcryptCost), new Pbkdf2Scheme()]
            : [new Pbkdf2Scheme(), new BcryptScheme(options.BcryptCost)])
    {
    }

    /// <param name="gate">Bounds the work.</param>
    /// <param name="schemes">The first is today's.</param>
    internal PasswordService(HashGate gate, IPasswordScheme[] schemes)
    {
        this.gate = gate;
        this.schemes = schemes;
        today = schemes[0];
    }

    /// <summary>Why no password can be looked at now, to be said before any other work; null where one can.</summary>
    public Problem? Refusal => gate.Refusal;

    public Task<Result<string>> Hash(Password password, CancellationToken cancellation) =>
        gate.Run(() => today.Hash(password.Text), cancellation);

    /// <summary>The hash, unless there is a refusal, which is worked out in the gate as well.</summary>
    public async Task<Result<string>> Hash(
        Password password, Func<Problem?> refusal, CancellationToken cancellation)
    {
        var done = await gate.Run<Result<string>>(
            () => refusal() is { } problem ? problem : today.Hash(password.Text), cancellation);
        return done.Failed(out var busy) ? busy : done.Value;
    }

    /// <summary>
    /// Whether it is the password of that stored hash. Without one (an unknown address) the same work is done for
    /// nothing, so that the time tells nothing; and so is what is missing where the hash took less.
    /// </summary>
    public Task<Result<PasswordVerdict>> Verify(Password password, string? stored, CancellationToken cancellation) =>
        gate.Run(() => Judge(password.Text, stored ?? today.Dummy(), stored is not null), cancellation);

    private PasswordVerdict Judge(string password, string stored, bool exists)
    {
        var scheme = schemes.FirstOrDefault(scheme => scheme.Made(stored))
            ?? throw new InvalidOperationException("A password is stored in a scheme this program does not know.");
        if (!scheme.Verify(password, stored) || !exists)
        {
            foreach (var dummy in scheme == today ? scheme.MakeUp(stored) : [])
            {
                scheme.Verify(password, dummy);
            }

            return PasswordVerdict.Wrong;
        }

        return scheme == today && !scheme.IsWeak(stored) ? PasswordVerdict.Right : PasswordVerdict.RightButWeak;
    }
}

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and to be hashed again now that the password is known.</summary>
    RightButWeak,
}
