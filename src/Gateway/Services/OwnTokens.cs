namespace Gatehouse.Gateway.Services;

/// <summary>Tokens of Gatehouse itself.</summary>
/// <param name="CanBeChecked">Identity is served here, or it is known where it is.</param>
internal sealed record OwnTokens(bool CanBeChecked);
