namespace Gatehouse.Split;

/// <summary>
/// The deployment's own copy of <c>deploy/gateway.yaml</c>, since administrators change it over the API. While nobody
/// has, it follows the original.
/// </summary>
internal static class GatewayFile
{
    public const string Name = "gateway.yaml";

    public static string Keep(string data, string original)
    {
        var (copy, shipped) = (Path.Combine(data, Name), Path.Combine(data, "gateway.shipped.yaml"));
        var text = File.ReadAllText(original);
        if (!File.Exists(copy) || (File.Exists(shipped) && File.ReadAllText(copy) == File.ReadAllText(shipped)))
        {
            File.WriteAllText(shipped, text);
            File.WriteAllText(copy, text);
        }

        return copy;
    }
}
