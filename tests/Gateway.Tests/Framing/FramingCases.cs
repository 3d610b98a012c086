namespace Gatehouse.Gateway.Tests.Framing;

/// <summary>
/// Byte-exact requests, as attackers and broken clients send them. Each is refused, or reaches the upstream as one
/// request, the same.
/// </summary>
internal static class FramingCases
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    public static readonly IReadOnlyList<FramingCase> All =
    [
        // Two lengths.
        Refused("CL.TE", Post("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE.CL", Post("Transfer-Encoding: chunked\r\nContent-Length: 3", "5\r\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("CL.TE equal", Post("Content-Length: 15\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")),
        Refused("CL.TE on GET", Get("/", "Content-Length: 5\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"),
        Refused("CL.TE hidden note", Post(
            "X-Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Smuggled)),
        Refused("two lengths that differ", Post("Content-Length: 5\r\nContent-Length: 6", "hello!")),
        Refused("two lengths alike", Post("Content-Length: 5\r\nContent-Length: 5", "hello")),
        Refused("two lengths, one 0", Post("Content-Length: 0\r\nContent-Length: 38", Smuggled)),
        Refused("a list of lengths", Post("Content-Length: 5, 5", "hello")),
        Refused("a list of lengths that differ", Post("Content-Length: 5, 38", "hello" + Smuggled)),
        Refused("negative length", Post("Content-Length: -5", "hello")),
        Refused("hexadecimal length", Post("Content-Length: 0x5", "hello")),
        Refused("fraction", Post("Content-Length: 5.0", "hello")),
        Refused("length with a word", Post("Content-Length: 5 bytes", "hello")),
        Refused("length past 2^63", Post("Content-Length: 9223372036854775808", "hello")),
        Refused("length past 2^64", Post("Content-Length: 18446744073709551621", "hello")),
        Refused("empty length", Post("Content-Length:", "")),
        Refused("length with a space inside", Post("Content-Length: 1 0", "hello12345")),
        Refused("length with an underscore", Post("Content_Length: 5", "hello")),
        OneOrRefused("length with NUL", Post("Content-Length: 5\0", "hello"), "POST / HTTP/1.1", "hello"),
        OneOrRefused(
            "length with a vertical tab", Post("Content-Length: \u000b5", "hello"), "POST / HTTP/1.1", "hello"),
        OneOrRefused("signed length", Post("Content-Length: +5", "hello"), "POST / HTTP/1.1", "hello"),
        OneOrRefused("length with zeros", Post("Content-Length: 0005", "hello"), "POST / HTTP/1.1", "hello"),
        Passed("length after a tab", Post("Content-Length:\t5", "hello"), "POST / HTTP/1.1", "hello"),
        Passed("length before spaces", Post("Content-Length: 5  ", "hello"), "POST / HTTP/1.1", "hello"),

        // Transfer-Encoding that is not chunked, exactly.
        Refused("TE.TE", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow", "0\r\n\r\n" + Smuggled)),
        Refused("TE twice", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Refused("TE list", Post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        Refused("TE identity", Post("Transfer-Encoding: identity", "0\r\n\r\n" + Smuggled)),
        Refused("TE gzip, chunked", Post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        Refused("TE chunked, gzip", Post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n")),
        Refused("TE xchunked", Post("Transfer-Encoding: xchunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE chunkedx", Post("Transfer-Encoding: chunkedx", "0\r\n\r\n" + Smuggled)),
        Refused("TE quoted", Post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")),
        Refused("TE empty", Post("Transfer-Encoding:", "0\r\n\r\n" + Smuggled)),
        Refused("TE comma first", Post("Transfer-Encoding: ,chunked", "0\r\n\r\n")),
        Refused("TE comma last", Post("Transfer-Encoding: chunked,", "0\r\n\r\n")),
        Refused("TE with parameter", Post("Transfer-Encoding: chunked;q=1", "0\r\n\r\n")),
        Refused("TE with vertical tab", Post("Transfer-Encoding: \u000bchunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE with NUL", Post("Transfer-Encoding: chunked\0", "0\r\n\r\n" + Smuggled)),
        Refused("TE with underscore", Post("Transfer_Encoding: chunked", "0\r\n\r\n")),
        Refused("TE, space before colon", Post("Transfer-Encoding : chunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE, tab before colon", Post("Transfer-Encoding\t: chunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE, space before name", Post(" Transfer-Encoding: chunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE folded", Post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n" + Smuggled)),
        Refused("TE in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled),
        Passed("TE in capitals", Post("Transfer-Encoding: CHUNKED", "0\r\n\r\n"), "POST / HTTP/1.1", ""),

        // Chunks.
        Refused("chunk size signed", Chunked("+5\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size negative", Chunked("-5\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size 0x5", Chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size empty", Chunked("\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size past 2^32", Chunked("100000005\r\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("chunk size past 2^64", Chunked("10000000000000005\r\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("chunk longer than its size", Chunked("3\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk without CRLF", Chunked("5\r\nhello0\r\n\r\n" + Smuggled)),
        Refused("chunk size ends in LF", Chunked("5\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("chunk ends in LF", Chunked("5\r\nhello\n0\r\n\r\n" + Smuggled)),
        Refused("chunk size ends in CR", Chunked("5\rhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("extension with LF", Chunked("5;a\nX\r\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("extension with CR", Chunked("5;a\rX\r\nhello\r\n0\r\n\r\n" + Smuggled)),
        Refused("last chunk without end", Chunked("5\r\nhello\r\n0\r\nX" + Smuggled)),
        Passed("extension", Chunked("5;name=value\r\nhello\r\n0;x\r\n\r\n"), "POST / HTTP/1.1", "hello"),
        Passed("trailers", Chunked("5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n"), "POST / HTTP/1.1", "hello"),
        Passed("trailer with a length", Chunked(
            "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"), "POST / HTTP/1.1", "hello"),
        OneOrRefused("chunk size with zeros", Chunked("0005\r\nhello\r\n0\r\n\r\n"), "POST / HTTP/1.1", "hello"),
        OneOrRefused("chunk size, space after", Chunked("5 \r\nhello\r\n0\r\n\r\n"), "POST / HTTP/1.1", "hello"),

        // Lines and headers.
        Refused("bare LF throughout", "GET / HTTP/1.1\nHost: a\n\n"),
        Refused("bare LF after request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Refused("bare LF in a header", Get("/", "X-A: 1\nContent-Length: 40")),
        Refused("bare LF before the end", "GET / HTTP/1.1\r\nHost: a\r\n\n" + Smuggled),
        Refused("bare CR in a header", Get("/", "X-A: 1\rTransfer-Encoding: chunked")),
        Refused("bare CR ends the head", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        Refused("folded header", Get("/", "X-A: 1\r\n folded")),
        Refused("folded with tab", Get("/", "X-A: 1\r\n\tTransfer-Encoding: chunked")),
        Refused("first header folded", "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n"),
        Refused("header without colon", Get("/", "X-A")),
        Refused("header without name", Get("/", ": 1")),
        Refused("space in a name", Get("/", "X A: 1")),
        Refused("parenthesis in a name", Get("/", "X(A: 1")),
        Refused("NUL in a name", Get("/", "X\0A: 1")),
        Refused("byte above 127 in a name", Get("/", "X\u00e9: 1")),
        Refused("underscore in a name", Get("/", "X_User: root")),
        Refused("NUL in a value", Get("/", "X-A: 1\02")),
        Refused("escape in a value", Get("/", "X-A: \u001b[0m")),
        Refused("backspace in a value", Get("/", "X-A: a\bb")),
        Refused("DEL in a value", Get("/", "X-A: a\u007fb")),
        Passed("tab in a value", Get("/", "X-A: a\tb"), "GET / HTTP/1.1", ""),
        Passed("bytes above 127 in a value", Get("/", "X-A: \u00ff\u00c3\u00a9"), "GET / HTTP/1.1", ""),

        // Host.
        Refused("two hosts", Get("/", "Host: b")),
        Refused("no host", "GET / HTTP/1.1\r\n\r\n"),
        Refused("a list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        Refused("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Refused("host with a user", "GET / HTTP/1.1\r\nHost: x@a\r\n\r\n"),
        Refused("host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        Refused("absolute form, other host", Get("http://b/", "X: 1")),
        Refused("absolute form, other port", Get("http://a:81/", "X: 1")),
        Refused("absolute form with user", Get("http://a@b/", "X: 1")),
        Passed("absolute form", Get("http://a/x%2Fy?q", "X: 1"), "GET /x%2Fy?q HTTP/1.1", ""),
        Refused("authority form", Get("a:80", "X: 1")),

        // Connection.
        Refused("Connection names Host", Get("/", "Connection: Host")),
        Refused("Connection names Cookie", Get("/", "Connection: cookie\r\nCookie: a=1")),
        Refused("Connection names Authorization", Get("/", "Connection: Authorization")),
        // The server hides what stands beside these two: then nothing is taken away, which is the safe side.
        OneOrRefused("Connection names Authorization beside keep-alive", Get(
            "/", "Connection: keep-alive, Authorization\r\nAuthorization: Bearer x"), "GET / HTTP/1.1", ""),
        Refused("Connection names Content-Length", Post("Connection: Content-Length\r\nContent-Length: 5", "hello")),
        Refused("Connection names X-Forwarded-For", Get("/", "Connection: X-Forwarded-For")),
        Passed("Connection names its own", Get("/", "Connection: X-A\r\nX-A: 1"), "GET / HTTP/1.1", ""),
        Passed("Upgrade to h2c", Get(
            "/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"),
            "GET / HTTP/1.1", ""),

        // Request line.
        Refused("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused("tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused("space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused("no version", "GET /\r\nHost: a\r\n\r\n"),
        Refused("version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        Refused("version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Refused("version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        Refused("method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused("method with a slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused("space before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),

        // Paths.
        Refused("dots", Get("/a/../b", "X: 1")),
        Refused("one dot", Get("/a/./b", "X: 1")),
        Refused("dots at the end", Get("/a/..", "X: 1")),
        Refused("encoded dots", Get("/a/%2e%2e/b", "X: 1")),
        Refused("half encoded dots", Get("/a/.%2E/b", "X: 1")),
        Refused("dots beside an encoded slash", Get("/a/..%2fb", "X: 1")),
        Refused("dots between encoded slashes", Get("/a%2f..%2fb", "X: 1")),
        Refused("dots before a semicolon", Get("/a/..;/b", "X: 1")),
        Refused("dots before an encoded semicolon", Get("/a/..%3bx=1/b", "X: 1")),
        Refused("encoded NUL", Get("/a%00.png", "X: 1")),
        Refused("encoded line end", Get("/a%0d%0aX:1", "X: 1")),
        Refused("encoded DEL", Get("/a%7f", "X: 1")),
        Refused("backslash", Get("/a\\..\\b", "X: 1")),
        Refused("encoded backslash", Get("/a%5cb", "X: 1")),
        Refused("overlong slash", Get("/a%c0%afb", "X: 1")),
        Refused("overlong dot", Get("/a/%c0%ae%c0%ae/b", "X: 1")),
        Refused("surrogate in UTF-8", Get("/a%ed%a0%80", "X: 1")),
        Refused("half a percent", Get("/a%2", "X: 1")),
        Refused("percent of no digits", Get("/a%zz", "X: 1")),
        Refused("IIS percent", Get("/a%u002e", "X: 1")),
        Refused("fragment", Get("/a#b", "X: 1")),
        Refused("fragment in the query", Get("/a?b#c", "X: 1")),
        Refused("control in the path", Get("/a\u0001b", "X: 1")),
        Refused("control in the query", Get("/a?b\u0001c", "X: 1")),
        Refused("byte above 127 in the path", Get("/caf\u00e9", "X: 1")),
        Passed("encoded slash", Get("/a%2Fb", "X: 1"), "GET /a%2Fb HTTP/1.1", ""),
        Passed("encoded percent", Get("/a%252e%252e", "X: 1"), "GET /a%252e%252e HTTP/1.1", ""),
        Passed("three dots", Get("/a/.../b", "X: 1"), "GET /a/.../b HTTP/1.1", ""),
        Passed("dots in the query", Get("/a?x=../..", "X: 1"), "GET /a?x=../.. HTTP/1.1", ""),

        // What looks like a second request and is a body.
        Passed("request in a body", Post($"Content-Length: {Smuggled.Length}", Smuggled), "POST / HTTP/1.1", Smuggled),
        Passed("request in the body of a GET", Get("/", $"Content-Length: {Smuggled.Length}") + Smuggled,
            "GET / HTTP/1.1", Smuggled),
        Passed("request in a chunk", Chunked($"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n"),
            "POST / HTTP/1.1", Smuggled),
    ];

    private static string Get(string target, string headers) =>
        $"GET {target} HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n";

    private static string Post(string headers, string body) =>
        $"POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n{body}";

    private static string Chunked(string body) => Post("Transfer-Encoding: chunked", body);

    private static FramingCase Refused(string name, string bytes) => new(name, bytes, null, "", true);

    private static FramingCase Passed(string name, string bytes, string line, string body) =>
        new(name, bytes, line, body, false);

    private static FramingCase OneOrRefused(string name, string bytes, string line, string body) =>
        new(name, bytes, line, body, true);
}

/// <param name="Line">Of the one request that may arrive; null: none may.</param>
/// <param name="MayRefuse">Whether 4xx is an answer.</param>
internal sealed record FramingCase(string Name, string Bytes, string? Line, string Body, bool MayRefuse);
