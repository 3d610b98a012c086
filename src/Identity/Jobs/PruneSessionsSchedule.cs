using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Jobs;

/// <summary>
/// Deletes sessions that have been over for 30 days, and spent refresh tokens as old: until then a token that comes
/// back tells of a thief.
/// </summary>
internal sealed class PruneSessionsSchedule(
    IOldSessionRepository sessions, IdentityOptions options, TimeProvider time) : ISchedule
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public string Name => "identity.prune-sessions";

    public string Module => IdentityModule.Key;

    public string Cron => "0 25 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var pruned = await sessions.Prune(
            time.Now() - KeptFor, TimeSpan.FromDays(options.SessionIdleDays), cancellation);
        return string.Create(
            CultureInfo.InvariantCulture, $"{pruned.Sessions} sessions and {pruned.Tokens} refresh tokens deleted");
    }
}
