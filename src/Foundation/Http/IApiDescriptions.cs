using System.Text.Json.Nodes;

namespace Gatehouse.Foundation.Http;

/// <summary>API descriptions from elsewhere, shown with the process's own: of what a gateway stands before.</summary>
public interface IApiDescriptions
{
    /// <summary>How long an answer may be used; null where there is nothing to wait for.</summary>
    TimeSpan? MaxAge { get; }

    /// <summary>As last had of each, in an order that stays.</summary>
    Task<IReadOnlyList<JsonObject>> Latest(CancellationToken cancellation);
}
