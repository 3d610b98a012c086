namespace Gatehouse.Identity.Domain;

/// <summary>Why a session ended before its time.</summary>
internal enum SessionEnd
{
    Logout,

    /// <summary>A spent refresh token came back.</summary>
    Reuse,

    /// <summary>Its owner ended it from another session.</summary>
    Owner,

    Password,

    /// <summary>Its owner has too many, and this one was not used for longest.</summary>
    Crowded,

    /// <summary>The account was disabled, or an administrator ended its sessions.</summary>
    Admin,
}

internal static class SessionEndNames
{
    public static string ToName(this SessionEnd end) => end switch
    {
        SessionEnd.Logout => "logout",
        SessionEnd.Reuse => "reuse",
        SessionEnd.Owner => "owner",
        SessionEnd.Password => "password",
        SessionEnd.Crowded => "crowded",
        SessionEnd.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "There is no such reason."),
    };
}
