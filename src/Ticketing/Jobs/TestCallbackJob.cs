using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Calls back for the test provider, by the way any other's callback comes but for the socket.</summary>
internal sealed class TestCallbackJob(TestPayments provider, PaymentCallbackService callbacks) : IJob
{
    public string Kind => TestPayments.JobKind;

    public string Module => TicketingModule.DatabaseName;

    public JobPolicy Policy { get; } = new();

    public async Task Run(JobRun run, CancellationToken cancellation)
    {
        var received = await callbacks.Receive(provider.Name, provider.Sign(run.Payload), cancellation);
        if (received.Failed(out var problem))
        {
            throw new JobFailedException(problem.Detail);
        }
    }
}
