using System.Text;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>What became of one attempt.</summary>
/// <param name="Latency">Until the head of the answer, or the failure.</param>
internal sealed record WebhookAnswer(TimeSpan Latency)
{
    private const int ShownBytesMax = 1024;
    private readonly string? error;

    /// <summary>Null where no answer came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Null where it was delivered.</summary>
    public string? Error
    {
        get => error ?? (HttpStatus is null or (>= 200 and < 300) ? null : Refusal(HttpStatus.Value));
        init => error = value;
    }

    /// <summary>How the body of the answer begins.</summary>
    public string? Text { get; init; }

    /// <summary>How long the endpoint asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing was sent, since the address may not be reached.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Nothing left this process, for a reason of its own: it says nothing of the endpoint.</summary>
    public bool IsOurs { get; init; }

    public bool IsDelivered => Error is null;

    /// <summary>It wants no more of this, for ever.</summary>
    public bool IsGone => HttpStatus == 410;

    /// <summary>Nobody there, or nobody well: others need not try just now.</summary>
    public bool IsHostDown => !IsDelivered && !IsForbidden && !IsOurs && HttpStatus is null or >= 500;

    /// <summary>
    /// The first 1,024 bytes as text, without what a database or a terminal could stumble over; null for none.
    /// </summary>
    public static string? Shown(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        var text = new StringBuilder(Encoding.UTF8.GetString(body[..Math.Min(body.Length, ShownBytesMax)]));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t'))
            {
                text[i] = '\uFFFD';
            }
        }

        return text.ToString();
    }

    private static string Refusal(int status) => status is >= 300 and < 400
        ? $"It answered {status}; redirects are not followed."
        : $"It answered {status}.";
}
