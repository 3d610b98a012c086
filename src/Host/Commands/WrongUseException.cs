namespace Gatehouse.Host.Commands;

/// <summary>The command line can be parsed, and still asks for what is not done so; the message says how.</summary>
internal sealed class WrongUseException(string message) : Exception(message);
