namespace Gatehouse.Foundation.Jobs;

/// <summary>A job to be done.</summary>
/// <param name="Kind">The <see cref="IJob.Kind"/> that does it.</param>
/// <param name="Payload">What it needs to know; never a secret in clear.</param>
public sealed record JobRequest(string Kind, string Payload)
{
    /// <summary>
    /// Up to 200 characters: a second request of the kind with the same key is the same job, while its row is kept.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Not before; at once unless said.</summary>
    public DateTimeOffset? RunAt { get; init; }
}
