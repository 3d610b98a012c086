using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Mail;

namespace Gatehouse.Notifications.Jobs.Mail;

/// <summary>
/// Forgets old mails, sooner what they were filled with, and says of those that nobody sends any more that they failed.
/// </summary>
internal sealed class MailPruneSchedule(
    IMailLogRepository mails, PickupTransport pickup, MailOptions options, TimeProvider time) : ISchedule
{
    private const int BatchMax = 1_000;

    // Longer than a job tries: whose job is gone by then is sent by nobody.
    private static readonly TimeSpan SendingMax = TimeSpan.FromDays(7);

    public string Name => "notifications.prune-mails";

    public string Module => NotificationsModule.DatabaseName;

    public string Cron => "0 17 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var now = time.Now();
        var given = await mails.GiveUp(now - SendingMax, now, "Nobody sent it in time.", cancellation);
        var pruned = await InBatches(() => mails.Prune(now.AddDays(-options.KeepDays), BatchMax, cancellation));
        var blanked = await InBatches(() => mails.Blank(now.AddDays(-options.ContentDays), BatchMax, cancellation));
        var files = pickup.Prune(now.AddDays(-options.KeepDays));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pruned} mails, the content of {blanked} and {files} files deleted, {given} given up");
    }

    private static async Task<int> InBatches(Func<Task<int>> next)
    {
        var (all, some) = (0, 0);
        do
        {
            some = await next();
            all += some;
        }
        while (some == BatchMax);

        return all;
    }
}
