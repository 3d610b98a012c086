namespace Gatehouse.Split;

/// <summary>It cannot run; the message tells a person why, and what to do.</summary>
internal sealed class SplitException(string message) : Exception(message);
