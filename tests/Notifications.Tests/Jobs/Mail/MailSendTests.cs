using Gatehouse.Foundation.Data;
using Gatehouse.Notifications.Services.Mail;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Jobs.Mail;

/// <summary>What becomes of a mail, with a server that does what the test says.</summary>
public sealed class MailSendTests
{
    private readonly Guid user = Guid.NewGuid();

    [OnEveryDatabase]
    public async Task A_mail_is_sent_once_with_a_text_and_an_html_part(DatabaseProvider provider)
    {
        await using var sink = SmtpSink.Start();
        await using var room = await MailRoom.Open(provider, To(sink));
        await room.Work();
        var fact = Facts.Registered(user, "ann@example.org", "Ann Ågren");
        await room.Tell(fact);
        await room.Tell(fact);
        await room.Until("sent");

        var mail = Assert.Single(sink.Mails);
        Assert.Equal(["ann@example.org"], mail.Recipients);
        var message = MimeMessage.Parse(mail.Text);
        Assert.Equal("Welcome to Gatehouse", message["Subject"]);
        Assert.Equal("Ann Ågren <ann@example.org>", message["To"]);
        Assert.Equal("multipart/alternative", message.MediaType);
        Assert.Equal(["text/plain", "text/html"], message.Parts.Select(part => part.MediaType));
        Assert.Contains("Hello Ann Ågren,\r\n", message.Part("text/plain").Body, StringComparison.Ordinal);
        Assert.Contains("Ann &#xC5;gren", message.Part("text/html").Body, StringComparison.Ordinal);
        Assert.Equal(await room.Ask<string>("SELECT '<' || message_id || '>' FROM mails"), message["Message-ID"]);
        Assert.Equal("auto-generated", message["Auto-Submitted"]);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        await using var sink = SmtpSink.Start();
        var asked = 0;
        sink.Script = said => said.StartsWith("RCPT", StringComparison.Ordinal) && Interlocked.Increment(ref asked) <= 2
            ? SinkAct.Reply("450 4.2.0 Greylisted, come back")
            : null;
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, To(sink));
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Until("sent", step: TimeSpan.FromSeconds(1));

        Assert.Single(sink.Mails);
        Assert.Equal(3, await room.Ask<int>("SELECT attempts FROM mails"));
        Assert.Contains("Greylisted", await room.Ask<string>("SELECT error FROM mails"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 5.1.1 No such user here", "bounced")]
    [InlineData("554 5.2.1 Mailbox disabled", "bounced")]
    [InlineData("550 No such user here", "bounced")]
    [InlineData("550 5.7.1 Relaying denied", "queued")]
    [InlineData("552 4.2.2 Mailbox full", "bounced")]
    public async Task A_recipient_refused_for_good_bounces_and_a_closed_relay_does_not(string answer, string state)
    {
        await using var sink = SmtpSink.Start();
        sink.Script = said => said.StartsWith("RCPT", StringComparison.Ordinal) ? SinkAct.Reply(answer) : null;
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, To(sink));
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await Poll.Until(
            async () => await room.Ask<string>("SELECT error FROM mails") is not null,
            TimeSpan.FromSeconds(10),
            "an attempt to fail");

        Assert.Equal(state, await room.Ask<string>("SELECT state FROM mails"));
        Assert.Contains(answer[4..], await room.Ask<string>("SELECT error FROM mails"), StringComparison.Ordinal);
        var jobs = await room.Ask<long>("SELECT COUNT(*) FROM jobs WHERE state <> 'done'");
        Assert.Equal(state == "queued" ? 1 : 0, jobs);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_server_that_hangs_holds_a_mail_up_no_longer_than_the_timeout(string at)
    {
        await using var sink = SmtpSink.Start();
        var hung = 0;
        sink.Script = said =>
            said.StartsWith(at, StringComparison.Ordinal) && Interlocked.Increment(ref hung) == 1 ? SinkAct.Hang : null;
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, To(sink, timeoutSeconds: 1));
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Until("sent", step: TimeSpan.FromSeconds(1));

        Assert.Single(sink.Mails);
    }

    [OnEveryDatabase]
    public async Task A_crash_after_the_server_said_yes_sends_the_same_message_id_again(DatabaseProvider provider)
    {
        await using var sink = SmtpSink.Start();
        var ended = 0;
        sink.Script = said => said == "." && Interlocked.Increment(ref ended) == 1 ? SinkAct.KeepAndDrop : null;
        await using var room = await MailRoom.Open(provider, To(sink));
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Until("sent", step: TimeSpan.FromSeconds(1));

        Assert.Equal(2, sink.Mails.Count);
        Assert.Single(sink.Mails.Select(mail => MimeMessage.Parse(mail.Text)["Message-ID"]).Distinct());
    }

    [OnEveryDatabase]
    public async Task A_mail_that_another_worker_sends_is_left_to_it(DatabaseProvider provider)
    {
        await using var sink = SmtpSink.Start();
        await using var room = await MailRoom.Open(provider, To(sink));
        await room.Tell(Facts.Registered(user));
        await room.Execute("UPDATE mails SET sending_until = '2030-05-01T12:00:02.000000Z'");
        await room.Work();
        await Poll.Until(
            async () => await room.Ask<long>("SELECT COUNT(*) FROM jobs WHERE note = 'Another worker sends it.'") == 1,
            TimeSpan.FromSeconds(10),
            "the job to be put off");
        Assert.Empty(sink.Mails);
        // On PostgreSQL the job comes again by the server's clock.
        room.Time.Advance(TimeSpan.FromSeconds(3));
        await room.Until("sent", step: TimeSpan.FromSeconds(1));

        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task A_file_that_is_written_again_after_a_crash_is_the_same_file()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Until("sent");
        // As if the process had died between the file and the note of it.
        await room.Execute("UPDATE mails SET state = 'queued', sent_at = NULL");
        var id = await room.Ask<Guid>("SELECT id FROM mails");
        await room.InTransaction(async unit =>
        {
            await room.Get<MailQueue>().SendNow(unit, id);
            return id;
        });
        await room.Until("sent", step: TimeSpan.FromSeconds(2));

        Assert.Equal("Welcome to Gatehouse", Assert.Single(room.Files)["Subject"]);
    }

    [Fact]
    public async Task A_mail_whose_link_has_expired_is_not_sent()
    {
        await using var sink = SmtpSink.Start();
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, To(sink));
        await room.Tell(Facts.ResetRequested(user, "secret", expiresAt: Facts.Noon.AddMinutes(5)));
        room.Time.Advance(TimeSpan.FromMinutes(6));
        await room.Work();
        await room.Until("failed");

        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task Without_starttls_nothing_is_said_to_a_server_that_should_have_it()
    {
        await using var sink = SmtpSink.Start();
        sink.Account = ("box", "office");
        var options = To(sink);
        (options.StartTls, options.SmtpUser, options.SmtpPassword) = (true, "box", "office");
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, options);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await Poll.Until(
            async () => await room.Ask<string>("SELECT error FROM mails") is not null,
            TimeSpan.FromSeconds(10),
            "an attempt to fail");

        Assert.Empty(sink.Mails);
        Assert.DoesNotContain(sink.Commands, said => said.StartsWith("AUTH", StringComparison.Ordinal));
    }

    // What is to arrive has time even on a busy machine.
    private static MailOptions To(SmtpSink sink, int timeoutSeconds = 20) => new()
    {
        SmtpHost = "127.0.0.1",
        SmtpPort = sink.Port,
        StartTls = false,
        TimeoutSeconds = timeoutSeconds,
    };
}
