using System.Text;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What is said of answers that stand in for others.</summary>
internal static class FallbackKeys
{
    private const int BodyCharactersMax = 65_536;

    public static readonly Key<IReadOnlyList<int>> On =
        new("on", new ListKind<int>(Kinds.Status(429, 500, 501, 502, 503, 504), 1, 6),
            "Answers of the destination that call for it too.")
        {
            Otherwise = "none; the gateway's own 502, 503 and 504 always do",
        };

    public static readonly Key<string> Cluster =
        new("cluster", Kinds.Text("id of a cluster", 64),
            "Asked once, within the deadline, where it is safe to send the request again; with a body up to " +
            "`retry.bodyMax`.");

    public static readonly Key<int> Status =
        new("status", Kinds.Whole(200, 599), "Of the answer.") { Otherwise = "503" };

    public static readonly Key<string> ContentType =
        new("contentType", Kinds.Text("content type", 200, c => c is >= ' ' and <= '~'), "Of the body.")
        {
            Otherwise = "text/plain; charset=utf-8",
        };

    public static readonly Key<IReadOnlyList<Named<string>>> Headers =
        new("headers", Maps.ByHeader(Kinds.HeaderValue()), "Beside them; `Cache-Control` is `no-store` unless said.");

    public static readonly Key<string> Body =
        new("body", Kinds.Text("text", BodyCharactersMax), "Sent as UTF-8.");

    public static readonly Key<Bound> Answer =
        new("answer", new ObjectKind("answer", "An answer that stands in the file; gRPC does not get it.",
            Status, ContentType, Headers, Body), "What is answered.");

    public static readonly Key<Bound> Fallback =
        new("fallback", new ObjectKind("fallback", "Another cluster, or an answer.", On, Cluster, Answer),
            "What is answered where nothing else could be.")
        {
            Otherwise = "problem documents, 502, 503 and 504",
        };

    public static Fallback Bind(Bound said, IReadOnlyDictionary<string, Cluster> clusters) => new()
    {
        Statuses = said.Find(On) ?? [],
        Cluster = said.Find(Cluster) is { } cluster ? clusters[cluster] : null,
        Answer = said.Find(Answer) is { } answer
            ? new StaticAnswer(
                answer.Value(Status) ?? 503,
                answer.Find(ContentType) ?? "text/plain; charset=utf-8",
                Encoding.UTF8.GetBytes(answer.Find(Body) ?? ""),
                [
                    .. (answer.Find(Headers) ?? [])
                        .Select(one => new HeaderChange(HeaderAction.Set, one.Key.Key, one.Value)),
                ])
            : null,
    };
}
