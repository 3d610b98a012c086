using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>What a scan comes to.</summary>
internal enum ScanResult
{
    Admitted,
    AlreadyAdmitted,
    Void,
    WrongEvent,
    Unknown,
}

internal static class ScanResults
{
    public static string ToText(this ScanResult result) => result switch
    {
        ScanResult.Admitted => "admitted",
        ScanResult.AlreadyAdmitted => "already_admitted",
        ScanResult.Void => "void",
        ScanResult.WrongEvent => "wrong_event",
        ScanResult.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}

/// <summary>The admission of one ticket.</summary>
/// <param name="By">The account or the door token.</param>
internal sealed record CheckIn(
    CheckInId Id, EventId Event, TicketId Ticket, TicketTypeId Type, string? Gate, Guid By, DateTimeOffset At)
{
    public const int GateCharactersMax = 100;
    public const int ScanIdCharactersMax = 100;
    public const int ReasonCharactersMax = 300;

    /// <summary>Longer ones are no codes, with whatever spaces.</summary>
    public const int CodeCharactersMax = 1_000;
}

/// <summary>A ticket as it is found at the door.</summary>
/// <param name="Version">What a code has to say to be its own.</param>
/// <param name="Number">Within its booking, from 1.</param>
internal sealed record TicketAtDoor(
    TicketId Id,
    BookingId Booking,
    UserId Buyer,
    TicketTypeId Type,
    string TypeName,
    string BookingCode,
    long Number,
    string? Guest,
    bool IsValid,
    int Version)
{
    public string ShortCode => $"{BookingCode}-{Number}";
}
