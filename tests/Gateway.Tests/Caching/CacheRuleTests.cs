using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Caching;

/// <summary>
/// Two requests for one address, some time apart: what the origin says, what the clients say, and whether the second is
/// answered from what is kept. The origin records what it was asked.
/// </summary>
public sealed class CacheRuleTests
{
    private const string Kept = "kept";
    private const string Asked = "asked";
    private const string Checked = "checked";
    private const string Age60 = "200|Cache-Control: max-age=60";
    private const string Tagged = "200|Cache-Control: max-age=10|ETag: \"a\"";
    private const string Same = "304|Cache-Control: max-age=10|ETag: \"a\"";

    /// <summary>The origin's answers, parted by <c>;</c>; seconds; headers of both; what comes of it.</summary>
    public static TheoryData<string, int, string, string, string> OfTheOrigin => new()
    {
        { Age60, 59, "", "", Kept },
        { Age60, 60, "", "", Asked },
        { "200|Cache-Control: MAX-AGE=60", 59, "", "", Kept },
        { "200|Cache-Control: max-age=\"60\"", 59, "", "", Kept },
        { "200|Cache-Control: public, max-age=60", 59, "", "", Kept },
        { "200|Cache-Control: public|Cache-Control: max-age=60", 59, "", "", Kept },
        { "200|Cache-Control: x=\"no-store, y\", max-age=60", 59, "", "", Kept },
        { "200|Cache-Control: max-age=sixty", 1, "", "", Asked },
        { "200|Cache-Control: max-age=-60", 1, "", "", Asked },
        { "200|Cache-Control: max-age=60.5", 1, "", "", Asked },
        { "200|Cache-Control: max-age=99999999999999", 90_000, "", "", Kept },
        { "200|Cache-Control: max-age=60, max-age=5", 10, "", "", Asked },
        { "200|Cache-Control: max-age=5, s-maxage=60", 59, "", "", Kept },
        { "200|Cache-Control: max-age=60, s-maxage=5", 10, "", "", Asked },
        { "200|Cache-Control: s-maxage=0, max-age=60", 1, "", "", Asked },
        { "200|Cache-Control: no-store", 0, "", "", Asked },
        { "200|Cache-Control: max-age=60, no-store", 0, "", "", Asked },
        { "200|Cache-Control: private, max-age=60", 0, "", "", Asked },
        { "200|Cache-Control: private=\"X-A\", max-age=60", 0, "", "", Asked },
        { "200|Cache-Control: max-age=60, must-revalidate", 59, "", "", Kept },
        { "200|Cache-Control: max-age=60, must-understand", 59, "", "", Kept },
        { "200|Cache-Control: max-age=60, no-cache|ETag: \"a\";304", 1, "", "", Checked },
        { "200|Cache-Control: no-cache=\"X-A\"|ETag: \"a\";304", 1, "", "", Checked },
        { "200|Cache-Control: max-age=0|ETag: \"a\";304", 1, "", "", Checked },
        { "200|Expires: {60}", 59, "", "", Kept },
        { "200|Expires: {60}", 60, "", "", Asked },
        { "200|Expires: 0", 0, "", "", Asked },
        { "200|Expires: soon", 0, "", "", Asked },
        { "200|Expires: {-60}", 0, "", "", Asked },
        { "200|Expires: {60}|Cache-Control: max-age=5", 10, "", "", Asked },
        { "200|Expires: 0|Cache-Control: max-age=60", 59, "", "", Kept },
        { "200|Age: 50|Cache-Control: max-age=60", 9, "", "", Kept },
        { "200|Age: 50|Cache-Control: max-age=60", 10, "", "", Asked },
        { "200|Date: {-50}|Cache-Control: max-age=60", 9, "", "", Kept },
        { "200|Date: {-50}|Cache-Control: max-age=60", 10, "", "", Asked },
        { "200", 0, "", "", Asked },
        { "200|ETag: \"a\"", 0, "", "", Asked },
        { "200|Last-Modified: {-86400}", 0, "", "", Asked },
        { "200|Cache-Control: max-age=60|Set-Cookie: a=b", 0, "", "", Asked },
        { "200|Cache-Control: max-age=60|Content-Type: text/event-stream", 0, "", "", Asked },
        { "206|Cache-Control: max-age=60|Content-Range: bytes 0-5/9", 0, "", "", Asked },
        { "401|Cache-Control: max-age=60", 0, "", "", Asked },
        { "404|Cache-Control: max-age=60", 59, "", "", Kept },
        { "301|Cache-Control: max-age=60|Location: /b", 59, "", "", Kept },
        { "302|Expires: {60}|Location: /b", 59, "", "", Kept },
        { "500|Cache-Control: max-age=60", 59, "", "", Kept },
        { "599|Cache-Control: max-age=60", 59, "", "", Kept },
        { "404", 0, "", "", Asked },
        { Tagged + ";" + Same, 20, "", "", Checked },
        { "200|Cache-Control: max-age=10|Last-Modified: {-90};304", 20, "", "", Checked },
        { Tagged + ";200|ETag: \"b\"|Cache-Control: max-age=10", 20, "", "", Asked },
    };

    public static TheoryData<string, int, string, string, string> OfVariants => new()
    {
        { Age60 + "|Vary: *", 0, "", "", Asked },
        { Age60 + "|Vary: X-A", 0, "X-A: 1", "X-A: 1", Kept },
        { Age60 + "|Vary: X-A", 0, "X-A: 1", "X-A: 2", Asked },
        { Age60 + "|Vary: X-A", 0, "X-A: 1", "", Asked },
        { Age60 + "|Vary: X-A", 0, "", "", Kept },
        { Age60 + "|Vary: x-a, X-B", 0, "X-A: 1|X-B: 2", "X-B: 2|X-A: 1", Kept },
        { Age60 + "|Vary: X-A|Vary: X-B", 0, "X-A: 1|X-B: 2", "X-A: 1|X-B: 3", Asked },
        { Age60 + "|Vary: X-A", 0, "X-A: 1, 2", "X-A: 1,2", Kept },
        { Age60 + "|Vary: X-Forwarded-For", 0, "", "", Asked },
    };

    public static TheoryData<string, int, string, string, string> OfTheClient => new()
    {
        { Age60, 1, "", "Cache-Control: no-cache", Asked },
        { Age60, 1, "", "Pragma: no-cache", Asked },
        { Age60, 1, "", "Cache-Control: x|Pragma: no-cache", Kept },
        { Age60, 1, "", "Cache-Control: no-store", Asked },
        { Age60, 1, "Cache-Control: no-store", "", Asked },
        { Age60, 9, "", "Cache-Control: max-age=10", Kept },
        { Age60, 11, "", "Cache-Control: max-age=10", Asked },
        { Age60, 1, "", "Cache-Control: max-age=0", Asked },
        { Age60, 20, "", "Cache-Control: min-fresh=30", Kept },
        { Age60, 40, "", "Cache-Control: min-fresh=30", Asked },
        { Age60, 70, "", "Cache-Control: max-stale=60", Asked },
        { Tagged + ";" + Same, 1, "", "Cache-Control: no-cache", Checked },
        { Age60, 1, "", "Range: bytes=0-1", Asked },
        { Age60, 1, "Range: bytes=0-1", "", Asked },
        { Age60, 1, "", "Authorization: Bearer a", Asked },
        { Age60, 1, "Authorization: Bearer a", "Authorization: Bearer a", Asked },
        { Age60, 1, "Cookie: a=b", "", Asked },
        { Age60, 1, "", "Cookie: a=b", Asked },
        { Age60, 1, "", "If-Match: \"a\"", Asked },
        { Age60, 1, "If-None-Match: \"z\"", "", Kept },
    };

    [Theory]
    [MemberData(nameof(OfTheOrigin))]
    [MemberData(nameof(OfVariants))]
    [MemberData(nameof(OfTheClient))]
    public async Task The_second_request(string answers, int seconds, string first, string second, string outcome)
    {
        await using var two = await CacheRig.Start(new ResponseCache(), answers.Split(';'));

        await two.Get("/a", first);
        two.Time.Jump(TimeSpan.FromSeconds(seconds));
        var answer = await two.Get("/a", second);

        Assert.Equal(outcome == Kept ? 1 : 2, two.Origin.Count);
        Assert.Equal(outcome == Asked ? "body 2" : "body 1", await answer.Body());
        var status = answer.Headers.GetValues("Cache-Status").Single();
        Assert.Equal(outcome == Kept, status.StartsWith("gatehouse; hit; ttl=", StringComparison.Ordinal));
        if (outcome == Checked)
        {
            var asked = two.Origin.Requests[1];
            Assert.NotNull(asked.Header("If-None-Match") ?? asked.Header("If-Modified-Since"));
            Assert.Contains("fwd-status=304", status, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("200", 29, Kept)]
    [InlineData("200", 30, Asked)]
    [InlineData("200|Cache-Control: public", 29, Kept)]
    [InlineData("200|Cache-Control: no-store", 1, Asked)]
    [InlineData("200|Cache-Control: max-age=5", 10, Asked)]
    [InlineData("200|Expires: 0", 1, Asked)]
    [InlineData("301|Location: /b", 29, Kept)]
    [InlineData("404", 1, Asked)]
    [InlineData("500", 1, Asked)]
    public async Task A_route_says_how_long_only_where_the_origin_does_not(string answer, int seconds, string outcome)
    {
        await using var two = await CacheRig.Start(new ResponseCache { Ttl = TimeSpan.FromSeconds(30) }, answer);

        await two.Get("/a");
        two.Time.Jump(TimeSpan.FromSeconds(seconds));
        await two.Get("/a");

        Assert.Equal(outcome == Kept ? 1 : 2, two.Origin.Count);
    }

    [Theory]
    [InlineData("If-None-Match: \"a\"", 304)]
    [InlineData("If-None-Match: W/\"a\"", 304)]
    [InlineData("If-None-Match: \"z\", \"a\"", 304)]
    [InlineData("If-None-Match: *", 304)]
    [InlineData("If-None-Match: \"z\"", 200)]
    [InlineData("If-None-Match: \"z\"|If-Modified-Since: {0}", 200)]
    [InlineData("If-Modified-Since: {0}", 304)]
    [InlineData("If-Modified-Since: {-100}", 200)]
    public async Task What_a_client_has_is_not_sent_again(string condition, int status)
    {
        await using var one = await CacheRig.Start(
            new ResponseCache(), Age60 + "|ETag: \"a\"|Last-Modified: {-90}|X-A: 1");
        await one.Get("/a");

        var answer = await one.Get("/a", condition);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(1, one.Origin.Count);
        Assert.Equal("\"a\"", answer.Headers.ETag!.Tag);
        Assert.Equal(status == 200, answer.Headers.Contains("X-A"));
    }

    [Theory]
    [InlineData("500", "", 200)]
    [InlineData("502", "", 200)]
    [InlineData("503", "", 200)]
    [InlineData("504", "", 200)]
    [InlineData("404", "", 404)]
    [InlineData("501", "", 501)]
    [InlineData("500", ", must-revalidate", 500)]
    [InlineData("500", ", proxy-revalidate", 500)]
    [InlineData("500", ", s-maxage=10", 500)]
    [InlineData("500", ", no-cache", 500)]
    public async Task Past_its_time_an_answer_serves_while_the_origin_fails(string failure, string more, int status)
    {
        await using var one = await CacheRig.Start(
            new ResponseCache { StaleIfError = TimeSpan.FromSeconds(30) },
            $"200|Cache-Control: max-age=10{more}|ETag: \"a\"", failure);
        await one.Get("/a");
        one.Time.Jump(TimeSpan.FromSeconds(35));

        var answer = await one.Get("/a");

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? "body 1" : "body 2", await answer.Body());
        one.Time.Jump(TimeSpan.FromSeconds(10));
        Assert.Equal(int.Parse(failure, null), (int)(await one.Get("/a")).StatusCode);
    }
}
