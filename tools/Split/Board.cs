namespace Gatehouse.Split;

/// <summary>The one console of all parts.</summary>
internal sealed class Board
{
    private const int CharactersMax = 400;
    private readonly Lock gate = new();

    public void Say(string text = "") => Write(Console.Out, text);

    /// <summary>A line about one part, or of it.</summary>
    public void Tell(string part, string text) => Write(
        Console.Error, $"[{part}] {(text.Length > CharactersMax ? $"{text[..CharactersMax]}…" : text)}");

    private void Write(TextWriter writer, string text)
    {
        lock (gate)
        {
            writer.WriteLine(text);
        }
    }
}
