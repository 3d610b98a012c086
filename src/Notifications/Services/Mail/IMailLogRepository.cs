using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>What became of mails, for those who look, and how long it is kept.</summary>
internal interface IMailLogRepository
{
    Task<MailView?> Find(UnitOfWork unit, Guid id);

    /// <summary>Newest first; of one state where one is given.</summary>
    Task<Page<MailView>> List(PageRequest page, string? state, CancellationToken cancellation);

    /// <summary>How many are queued, and since when the oldest is.</summary>
    Task<(long Count, DateTimeOffset? Oldest)> Unsent(CancellationToken cancellation);

    /// <summary>Ends what is queued since before that time and has nobody who sends it any more.</summary>
    Task<int> GiveUp(DateTimeOffset before, DateTimeOffset now, string error, CancellationToken cancellation);

    /// <summary>Deletes what ended mails from before that time were filled with, of so many at most.</summary>
    Task<int> Blank(DateTimeOffset before, int limit, CancellationToken cancellation);

    /// <summary>Deletes ended mails from before that time, so many at most.</summary>
    Task<int> Prune(DateTimeOffset before, int limit, CancellationToken cancellation);
}
