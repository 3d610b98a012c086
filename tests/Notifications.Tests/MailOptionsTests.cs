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
            SmtpHost = "smtp.example.org", From = "Tickets <tickets@example.org>", PublicUrl = publicUrl,
        };

        var faults = options.Validate(environment).Select(fault => fault.Property);

        Assert.Equal(isRefused ? [nameof(MailOptions.PublicUrl)] : [], faults);
    }
}
