using Gatehouse.Kernel;

namespace Gatehouse.Contracts;

/// <summary>
/// What can be wrong with a request by itself, beyond the types of its fields. Services check it anyway; it is asked
/// here only when some field has the wrong type already, so that the sender hears of all faults at once.
/// </summary>
public interface IRequestRules<in T>
{
    /// <param name="request">What could be read; a field that could not is at its default.</param>
    /// <param name="faults">Takes each fault.</param>
    void Check(T request, Faults faults);
}
