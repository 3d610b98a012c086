using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Jobs;

/// <summary>An attempt that keeps its lease while it lasts.</summary>
internal sealed class LeasedRun(JobRepository jobs, string owner, TimeSpan lease, TimeProvider time) : JobRun
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Its end was written with its effect; what is left is the caller's commit.</summary>
    public bool IsCompleted { get; private set; }

    public override async Task Report(int percent, string? note, CancellationToken cancellation)
    {
        if (!await jobs.Report(Id, owner, lease, Math.Clamp(percent, 0, 100), note, cancellation))
        {
            throw new LeaseLostException(Id);
        }
    }

    public override async Task Complete(UnitOfWork unit, string? result)
    {
        if (!await jobs.Complete(unit, Id, owner, result))
        {
            throw new LeaseLostException(Id);
        }

        IsCompleted = true;
    }

    /// <summary>Renews the lease every third of it until cancelled; returns when it is lost.</summary>
    public async Task Keep(CancellationToken ended)
    {
        var renewed = time.GetTimestamp();
        var pause = lease / 3;
        while (true)
        {
            await Task.Delay(pause, time, ended);
            try
            {
                var started = time.GetTimestamp();
                if (!await jobs.Renew(Id, owner, lease, ended))
                {
                    return;
                }

                renewed = started;
                pause = lease / 3;
            }
            catch (Exception) when (!ended.IsCancellationRequested)
            {
                // The database may be back before the lease is over.
                if (time.GetElapsedTime(renewed) >= lease)
                {
                    return;
                }

                pause = lease / 3 < PauseAfterFailure ? lease / 3 : PauseAfterFailure;
            }
        }
    }
}

/// <summary>Another worker has the job: nothing that this one does may count any more.</summary>
internal sealed class LeaseLostException(Guid id) : Exception($"The lease of job {id} was lost.");
