using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;

namespace Gatehouse.Identity.Jobs;

/// <summary>Has a link mailed that somebody asked for. Done twice, two are mailed, and either is good.</summary>
internal sealed class MailLinkJob(LinkWishService wishes) : IJob
{
    public string Kind => LinkWish.JobKind;

    public string Module => IdentityModule.Key;

    public JobPolicy Policy { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public Task Run(JobRun run, CancellationToken cancellation) =>
        wishes.Fulfil(LinkWish.Parse(run.Payload), cancellation);
}
