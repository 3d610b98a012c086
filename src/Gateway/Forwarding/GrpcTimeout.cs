using System.Globalization;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>The header <c>grpc-timeout</c>: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";
    private const int DigitsMax = 8;

    /// <summary>Null where there is none, or it is malformed: then it says nothing.</summary>
    public static TimeSpan? Parse(string? value)
    {
        if (value is not { Length: >= 2 and <= DigitsMax + 1 } ||
            !long.TryParse(value.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return value[^1] switch
        {
            'H' => TimeSpan.FromHours(Math.Min(number, 10_000)),
            'M' => TimeSpan.FromMinutes(Math.Min(number, 1_000_000)),
            'S' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMilliseconds(number),
            'u' => TimeSpan.FromMicroseconds(number),
            'n' => TimeSpan.FromTicks(number / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
    }

    public static string Format(TimeSpan left)
    {
        var milliseconds = Math.Max(1, (long)left.TotalMilliseconds);
        return milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}S");
    }
}
