namespace Gatehouse.Foundation.Documents;

/// <summary>One page that is held before a scanner: what it is for, and a QR code.</summary>
/// <param name="Heading">In large letters.</param>
/// <param name="Lines">Below it, in their order.</param>
/// <param name="Code">What the QR code says.</param>
/// <param name="Caption">Below the QR code, to be read out.</param>
/// <param name="Foot">At the foot of the page; what holder and reader should know.</param>
public sealed record DocumentCard(
    string Heading, IReadOnlyList<CardLine> Lines, string Code, string Caption, string Foot);

/// <summary>A label and what it stands for.</summary>
public sealed record CardLine(string Label, string Text);
