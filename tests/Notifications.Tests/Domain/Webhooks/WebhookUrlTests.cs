using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Tests.Domain.Webhooks;

public sealed class WebhookUrlTests
{
    private static readonly WebhookTargets Targets = new(["localhost", "10.1.0.0/16"], ["80", "443", "8000-8100"]);

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData("/hook", "http or https")]
    [InlineData("example.org/hook", "http or https")]
    [InlineData("ftp://example.org", "http or https")]
    [InlineData("file:///etc/passwd", "http or https")]
    [InlineData("gopher://example.org", "http or https")]
    [InlineData("http://", "http or https")]
    [InlineData("http://a\uFFFEb.example/", "http or https")]
    [InlineData("https://user@example.org", "user name")]
    [InlineData("https://user:pass@example.org", "user name")]
    [InlineData("https://example.org/#there", "fragment")]
    [InlineData("http://example.org:22", "port 22")]
    [InlineData("http://example.org:8101", "port 8101")]
    [InlineData("http://10.2.0.1:22", "port 22")]
    public void What_no_webhook_may_be_is_refused_with_the_reason(string? text, string reason)
    {
        var faults = new Faults();

        Assert.Null(WebhookUrl.Parse(text, Targets, faults));
        Assert.Contains(reason, Assert.Single(faults.ToProblem().Errors["url"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.org/hook?x=1", "example.org:443")]
    [InlineData("http://Example.ORG.:8080/", "example.org:8080")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example:443")]
    [InlineData("http://localhost:3000/", "localhost:3000")]
    [InlineData("http://10.1.2.3:22/", "10.1.2.3:22")]
    [InlineData("http://0x7f.1/", "127.0.0.1:80")]
    [InlineData("http://2130706433/", "127.0.0.1:80")]
    [InlineData("http://0177.0.0.1/", "127.0.0.1:80")]
    [InlineData("http://①②⑦.⓪.⓪.①/", "127.0.0.1:80")]
    [InlineData("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1:80")]
    public void Endpoint_is_host_and_port_in_one_spelling(string text, string endpoint)
    {
        var faults = new Faults();

        Assert.Equal(endpoint, WebhookUrl.Parse(text, Targets, faults)?.Endpoint);
    }
}
