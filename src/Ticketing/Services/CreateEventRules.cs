using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class CreateEventRules(TimeProvider time) : IRequestRules<CreateEvent>
{
    public void Check(CreateEvent request, Faults faults) =>
        Event.Check(request.ToDetails(), request.Status, time.Now(), faults);
}
