using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Stands before the routes of this process and answers what is served elsewhere. What is not its own it passes on.
/// </summary>
public interface IEdge
{
    Task Invoke(HttpContext context, RequestDelegate next);
}

/// <summary>Feature of a request that was forwarded: what the access log says of it.</summary>
public class ForwardedRequest
{
    public required string Route { get; init; }

    public required string Cluster { get; init; }

    /// <summary>The one asked last; null: none was.</summary>
    public string? Destination { get; set; }

    /// <summary>How many destinations were asked, one asked twice counted twice.</summary>
    public int Attempts { get; set; }

    /// <summary>What went wrong after the head of the answer had left; null: nothing did.</summary>
    public string? Broken { get; set; }

    /// <summary>Of the answer's body, where all of it was passed on.</summary>
    public long BytesBack { get; set; }

    /// <summary>It is answered, or will not be.</summary>
    public virtual void End(HttpContext context, TimeSpan elapsed)
    {
    }
}
