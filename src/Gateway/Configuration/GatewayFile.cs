using System.Security.Cryptography;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>One reading of the gateway's file: the model it makes, or everything that is wrong with it.</summary>
internal sealed class GatewayFile
{
    private GatewayFile(SourceText? source, MapNode? document, FileFaults faults, int routes, int clusters, string hash)
    {
        Document = document;
        Hash = hash;
        RouteCount = routes;
        ClusterCount = clusters;
        Faults = [.. faults.Ordered.Select(fault => Shown(fault, source))];
    }

    public IReadOnlyList<GatewayFault> Faults { get; }

    /// <summary>As it is written, placeholders in their place; null where it cannot be read.</summary>
    public MapNode? Document { get; }

    /// <summary>Null with faults.</summary>
    public Snapshot? Snapshot { get; private init; }

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>That placeholders have taken values from.</summary>
    public IReadOnlyCollection<string> ValueFiles { get; private init; } = [];

    public int RouteCount { get; }

    public int ClusterCount { get; }

    /// <param name="bytes">Of the file.</param>
    /// <param name="folder">Absolute: what the file names is found from here.</param>
    /// <param name="variables">For placeholders; null to look at their form only.</param>
    /// <param name="now">Null: what depends on the time is not looked at.</param>
    public static GatewayFile Read(
        ReadOnlySpan<byte> bytes, string folder, Func<string, string?>? variables, DateTimeOffset? now = null)
    {
        var faults = new FileFaults();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var source = SourceText.Read(bytes, faults);
        var document = faults.Count > 0 ? null : NodeReader.Read(source, faults);
        if (document is null)
        {
            return new GatewayFile(source, null, faults, 0, 0, hash);
        }

        var context = new ReadingContext(faults, new Placeholders(folder, variables), folder, now);
        if (!GatewayKeys.Root.TryRead(document, context, out var root))
        {
            return new GatewayFile(source, null, faults, 0, 0, hash) { ValueFiles = context.Placeholders.Files };
        }

        Check(root, context);
        return new GatewayFile(
            source, root.Node, faults,
            root.Find(GatewayKeys.Routes)?.Count ?? 0, root.Find(GatewayKeys.Clusters)?.Count ?? 0, hash)
        {
            ValueFiles = context.Placeholders.Files,
            Snapshot = faults.Count == 0 ? SnapshotBinding.Bind(root, hash, folder) : null,
        };
    }

    /// <summary>The same of a path; a file that is not there is a fault too.</summary>
    public static GatewayFile ReadFrom(string path, Func<string, string?>? variables, DateTimeOffset? now = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return TryBytes(path, out var bytes, out var reason)
            ? Read(bytes, folder, variables, now)
            : Unreadable(reason);
    }

    public static GatewayFile Unreadable(string reason)
    {
        var faults = new FileFaults();
        faults.Add(Rules.FileUnreadable, new Place(1, 1), "", reason);
        return new GatewayFile(null, null, faults, 0, 0, "");
    }

    /// <summary>No more than is allowed: of a longer file one byte more, so that it is seen to be too long.</summary>
    public static bool TryBytes(string path, out byte[] bytes, out string reason)
    {
        bytes = [];
        try
        {
            using var stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[Math.Min(SourceText.BytesMax + 1, stream.CanSeek ? stream.Length + 1 : int.MaxValue)];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            bytes = buffer[..length];
            reason = "";
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = failure is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file"
                : $"the file cannot be read: {failure.Message}";
            return false;
        }
    }

    private static void Check(Bound root, ReadingContext context)
    {
        var clusters = root.Find(GatewayKeys.Clusters) ?? [];
        // One that is there, but wrong, is told of where it stands and not at each route as well.
        var ids = (root.NodeOf(GatewayKeys.Clusters) as MapNode)?.Entries.Select(entry => entry.Key) ?? [];
        var known = ids.ToHashSet(StringComparer.Ordinal);
        var ofRoute = new RouteChecks(context.Faults);
        foreach (var route in root.Find(GatewayKeys.Routes) ?? [])
        {
            ofRoute.Check(route.Value, known);
        }

        var ofCluster = new ClusterChecks(context.Faults);
        foreach (var cluster in clusters)
        {
            ofCluster.Check(cluster);
        }

        new ReachChecks(context.Faults).Check(root.Find(GatewayKeys.Routes) ?? []);
        new HashChecks(context.Faults).Check(root);
        new KeepHostChecks(context.Faults).Check(root);
        new CertificateChecks(context).Check(root.Find(GatewayKeys.Certificates) ?? []);
    }

    private static GatewayFault Shown(FileFault fault, SourceText? source)
    {
        (string? excerpt, var caret) = source?.Excerpt(fault.At) ?? default;
        return new GatewayFault(
            fault.At.Line, fault.At.Column, fault.At.Length, fault.Path, fault.Rule.Id, fault.Message, fault.Hint,
            excerpt, caret);
    }
}
