using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Notifications.Tests;

public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("http://localhost:8080", RuntimeEnvironment.Production, true)]
    [InlineData("http://127.0.0.1", RuntimeEnvironment.Production, true)]
    [InlineData("https://tickets.example.org", RuntimeEnvironment.Production, false)]
    [InlineData("http://localhost:8080", RuntimeEnvironment.Development, false)]
    public void Mails_that_leave_the_machine_must_not_link_back_to_it(
        string publicUrl, RuntimeEnvironment environment, bool isRefused)
    {
        var options = new MailOptions
        {
            SmtpHost = "smtp.example.org",
            From = "Tickets <tickets@example.org>",
            PublicUrl = publicUrl,
        };

        var faults = options.Validate(environment).Select(fault => fault.Property);

        Assert.Equal(isRefused ? [nameof(MailOptions.PublicUrl)] : [], faults);
    }

    [Theory]
    [InlineData("smtp.example.org", false, true)]
    [InlineData("10.0.0.1", false, true)]
    [InlineData("smtp.example.org", true, false)]
    [InlineData("localhost", false, false)]
    [InlineData("127.0.0.2", false, false)]
    [InlineData("::1", false, false)]
    public void A_password_leaves_the_machine_by_starttls_alone(string host, bool startTls, bool isRefused)
    {
        var options = new MailOptions
        {
            SmtpHost = host,
            StartTls = startTls,
            SmtpUser = "box",
            SmtpPassword = "office",
        };

        var faults = options.Validate(RuntimeEnvironment.Development).Select(fault => fault.Property);

        Assert.Equal(isRefused ? [nameof(MailOptions.StartTls)] : [], faults);
    }
}
