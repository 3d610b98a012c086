using Gatehouse.Contracts;
using Gatehouse.Contracts.Journal;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

internal sealed class CreateEntryRules(TimeProvider time) : IRequestRules<CreateEntry>
{
    public void Check(CreateEntry request, Faults faults) => request.ToDetails().Check(time.Now(), faults);
}
