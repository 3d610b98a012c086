using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Journal.Http;

/// <summary>What lists take and statistics do not.</summary>
internal static class ListFilters
{
    private static readonly string[] Names = ["category", "tag", "moodMin", "moodMax", "q"];

    /// <summary>An answer that left them out of account would be a wrong one.</summary>
    public static void RefuseFilters(this IQueryCollection query, Faults faults)
    {
        foreach (var name in Names)
        {
            faults.Require(!query.ContainsKey(name), name, "is not offered here");
        }
    }
}
