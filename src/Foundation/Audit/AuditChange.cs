using System.Text.Json.Nodes;

namespace Gatehouse.Foundation.Audit;

/// <summary>Keeps of two states of one thing what differs.</summary>
public static class AuditChange
{
    /// <summary>A fact whose before and after hold only the members that are not the same in both.</summary>
    public static AuditFact Between(this AuditFact fact, string before, string after)
    {
        var (old, current) = ((JsonObject)JsonNode.Parse(before)!, (JsonObject)JsonNode.Parse(after)!);
        foreach (var (name, value) in current.ToList())
        {
            if (old.TryGetPropertyValue(name, out var was) && JsonNode.DeepEquals(was, value))
            {
                old.Remove(name);
                current.Remove(name);
            }
        }

        return fact with { Before = old.ToJsonString(), After = current.ToJsonString() };
    }
}
