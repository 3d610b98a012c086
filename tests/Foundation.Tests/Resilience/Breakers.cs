using Gatehouse.Foundation.Resilience;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Resilience;

internal static class Breakers
{
    /// <summary>Those of one process.</summary>
    public static Dependencies OfOne(ResilienceOptions? options = null) =>
        new(options ?? new ResilienceOptions(), TimeProvider.System, NullLogger<Dependencies>.Instance);
}
