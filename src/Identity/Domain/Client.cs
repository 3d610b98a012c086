namespace Gatehouse.Identity.Domain;

/// <summary>Who is at the other end, as far as one can tell: for people to recognise, never to decide on.</summary>
/// <param name="Device">As <see cref="DeviceName"/> reads it from what the client says.</param>
/// <param name="Address">On the network.</param>
internal sealed record Client(string? Device, string? Address);
