using Gatehouse.Foundation.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Says at a start in Production that nobody will get mail, where that is so.</summary>
internal sealed partial class MailWarning(
    MailOptions options, IMailTransport transport, RuntimeOptions runtime, ILogger<MailWarning> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.SmtpHost is null && runtime.Environment == RuntimeEnvironment.Production)
        {
            LogNobodyGetsMail(transport.Way);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        8102,
        LogLevel.Warning,
        "No mail leaves this machine: mails become {Way}. Set GATEHOUSE_MAIL__SMTPHOST, try 'gatehouse mail test'")]
    private partial void LogNobodyGetsMail(string way);
}
