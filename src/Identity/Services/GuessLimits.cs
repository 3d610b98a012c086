using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Services;

/// <summary>
/// How often a password may be wrong: from one address, and for one account wherever from. An attempt is counted before
/// its password is hashed, so that many at once are no way round, and given back unless it was wrong. A device on which
/// the owner signed in before has a count of its own: strangers can use up those of an account, and not lock its owner
/// out.
/// </summary>
internal sealed class GuessLimits(RateLimits limits, ISignInRepository signIns)
{
    public const string Refresh = "refresh";
    private const string Address = "login.address";
    private const string Email = "login.email";
    private const string Device = "login.device";
    private const string Again = "reauthenticate";
    private const string Code = "login.code";
    private const string Noted = "login.noted";
    private const string Mail = "login.mail";
    private const int MailsADay = 10;
    private const int CodesADay = 20;

    /// <summary>An attempt to sign in.</summary>
    /// <param name="email">Of the account, whether or not there is one.</param>
    /// <param name="device">Known to be the account's; null elsewhere.</param>
    /// <param name="cancellation">Looked at before.</param>
    public Task<Guess> Login(EmailAddress email, DeviceToken? device, CancellationToken cancellation) => device is null
        ? Spend(
            email,
            [(Address, LimitKey.Of(RequestFacts.Current.Client)), (Email, LimitKey.Of(email.Text))],
            cancellation)
        : Spend(email, [(Device, LimitKey.Of(device.Hash))], cancellation);

    /// <summary>
    /// An attempt to show the password of an account again, by someone who has an access token of it. Apart from
    /// logins, which strangers can use up.
    /// </summary>
    public Task<Guess> Reauthenticate(User user, CancellationToken cancellation) =>
        Spend(null, [(Again, LimitKey.Of(user.Id.Value))], cancellation);

    /// <summary>
    /// A code of the second factor, by someone who knows the password. Three of a million are right at a time, so that
    /// the other limits alone would let one find one within a few years.
    /// </summary>
    public Task<Guess> SecondFactor(User user, CancellationToken cancellation) =>
        Spend(null, [(Code, LimitKey.Of(user.Id.Value))], cancellation);

    /// <summary>
    /// Whether its owner may get one more mail of a new sign-in today: a script that forgets its device token signs in
    /// as a new device each time.
    /// </summary>
    public async Task<bool> MayMail(UserId user, CancellationToken cancellation) =>
        (await limits.Spend(limits[Mail], LimitKey.Of(user.Value), cancellation)).Allowed;

    private async Task<Guess> Spend(
        EmailAddress? email, (string Policy, LimitKey Key)[] wanted, CancellationToken cancellation)
    {
        var guess = new Guess(limits);
        foreach (var (policy, key) in wanted)
        {
            var decision = await limits.Spend(limits[policy], key, cancellation);
            if (!decision.Allowed)
            {
                // What was refused is no guess: none of the others is spent for it.
                await guess.DisposeAsync();
                await Note(email, policy, key, cancellation);
                return new Guess(limits) { Refusal = decision.ToProblem() };
            }

            guess.Add(key, decision);
        }

        return guess;
    }

    /// <summary>Audits one refusal a window and key, or whoever is refused could fill the disk.</summary>
    private async Task Note(EmailAddress? email, string policy, LimitKey key, CancellationToken cancellation)
    {
        var noted = LimitKey.Of($"{policy} {key}");
        if ((await limits.Spend(limits[Noted], noted, cancellation)).Allowed)
        {
            await signIns.NoteLimited(email, policy, cancellation);
        }
    }

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<GuessLimits>();
        services.AddRateLimit(provider => Of(provider, Address, options => options.GuessesPerAddress));
        services.AddRateLimit(provider => Of(provider, Email, options => options.GuessesPerEmail));
        services.AddRateLimit(provider => Of(provider, Device, options => options.GuessesPerDevice));
        services.AddRateLimit(provider => Of(provider, Again, options => options.GuessesPerEmail));
        services.AddRateLimit(_ => new LimitPolicy(
            Code, LimitBy.Key, LimitAlgorithm.FixedWindow, CodesADay, TimeSpan.FromDays(1)));
        services.AddRateLimit(provider => Of(provider, Noted, _ => 1));
        services.AddRateLimit(_ => new LimitPolicy(
            Mail, LimitBy.Key, LimitAlgorithm.FixedWindow, MailsADay, TimeSpan.FromDays(1)));
        services.AddRateLimit(provider => new LimitPolicy(
            Refresh,
            LimitBy.Address,
            LimitAlgorithm.SlidingWindow,
            provider.GetRequiredService<IdentityOptions>().RefreshPerMinute,
            TimeSpan.FromMinutes(1)));
    }

    private static LimitPolicy Of(IServiceProvider provider, string name, Func<IdentityOptions, int> permits)
    {
        var options = provider.GetRequiredService<IdentityOptions>();
        // A window of its own for each: one begins with its first guess.
        return new LimitPolicy(
            name,
            LimitBy.Key,
            LimitAlgorithm.FixedWindow,
            permits(options),
            TimeSpan.FromMinutes(options.GuessMinutes));
    }
}

/// <summary>One attempt, counted before its outcome is known and given back at its end unless it was wrong.</summary>
internal sealed class Guess(RateLimits limits) : IAsyncDisposable
{
    private readonly List<(LimitKey Key, Decision Spent)> spent = [];

    /// <summary>Why it may not be made.</summary>
    public Problem? Refusal { get; init; }

    public bool IsWrong { get; private set; }

    public void Add(LimitKey key, Decision decision) => spent.Add((key, decision));

    public void Wrong() => IsWrong = true;

    public async ValueTask DisposeAsync()
    {
        if (IsWrong)
        {
            return;
        }

        foreach (var (key, decision) in spent)
        {
            await limits.GiveBack(key, decision);
        }
    }
}
