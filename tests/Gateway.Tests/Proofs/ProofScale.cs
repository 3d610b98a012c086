namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>GATEHOUSE_TEST_PROOFS=full asks for what was promised; else as much as each run has time for.</summary>
internal static class ProofScale
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("GATEHOUSE_TEST_PROOFS") == "full";

    public static int Of(int usual, int full) => IsFull ? full : usual;

    /// <summary>A figure for the report of a run at full scale.</summary>
    public static void Tell(string figure) => TestContext.Current.TestOutputHelper?.WriteLine(figure);
}
