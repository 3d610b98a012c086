using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>From a registration and a booking to the files that a mail program opens.</summary>
public sealed class MailTests(Installations installations)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Flow]
    public async Task A_buyer_gets_all_tickets_and_the_event_for_their_calendar(Topology topology)
    {
        var installation = await installations.On(topology);
        var email = $"mail-{Guid.NewGuid():N}@example.org";
        var buyer = await installation.SignUp(email);
        var booking = (await buyer.Book(await installation.Organizer.Publish(5), 3)).Is(201);
        var tickets = booking.Json.GetProperty("tickets").EnumerateArray().ToList();
        IReadOnlyList<MimeMessage> mails = [];
        await Poll.Until(
            () => (mails = installation.MailsTo(email)).Count == 3, Patience, "a welcome, a link and the tickets");

        var welcome = Assert.Single(mails, mail => mail["Subject"] == "Welcome to Gatehouse");
        Assert.Equal(["text/plain", "text/html"], welcome.Parts.Select(part => part.MediaType));
        var confirmed = Assert.Single(mails, mail => mail.Has("text/calendar"));
        var shortCodes = tickets.ConvertAll(ticket => ticket.GetProperty("shortCode").GetString()!);
        Assert.All([.. shortCodes, booking["code"]], code =>
        {
            Assert.Contains(code, confirmed.Part("text/plain").Body, StringComparison.Ordinal);
            Assert.Contains(code, confirmed.Part("text/html").Body, StringComparison.Ordinal);
        });
        Assert.Contains("BEGIN:VEVENT", confirmed.Part("text/calendar").Body, StringComparison.Ordinal);
        Assert.Equal(
            tickets.ConvertAll(ticket => ticket.GetProperty("code").GetString()!),
            await Scanned(confirmed.Part("application/pdf").Content));

        var listed = (await installation.Admin.Get("/admin/mail?cursor=&limit=100&state=sent")).Is(200);
        Assert.Equal(
            ["booking-confirmed", "verify-email", "welcome"],
            listed.Json.GetProperty("items").EnumerateArray()
                .Where(mail => mail.GetProperty("to").GetString() == email)
                .Select(mail => mail.GetProperty("template").GetString()).Order());
    }

    private static async Task<List<string>> Scanned(ReadOnlyMemory<byte> pdf)
    {
        var (folder, cancellation) = (ScratchFolder.Create(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "tickets.pdf"), pdf, cancellation);
        await Tool.Run(
            "pdftoppm", "poppler-utils", cancellation,
            "-r", "100", "-png", Path.Combine(folder, "tickets.pdf"), Path.Combine(folder, "page"));
        var codes = new List<string>();
        foreach (var page in Directory.GetFiles(folder, "page*.png").Order(StringComparer.Ordinal))
        {
            codes.Add(await Tool.Run("zbarimg", "zbar-tools", cancellation, "--raw", "-q", page));
        }

        return codes;
    }

    [Flow]
    public async Task An_administrator_sends_a_mail_again_and_sees_that_none_is_late(Topology topology)
    {
        var installation = await installations.On(topology);
        var email = $"again-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        await Poll.Until(() => installation.MailsTo(email).Count == 2, Patience, "the welcome and the link");
        var listed = (await installation.Admin.Get("/admin/mail?limit=100")).Is(200);
        var id = listed.Json.GetProperty("items").EnumerateArray()
            .Single(mail => mail.GetProperty("to").GetString() == email &&
                mail.GetProperty("template").GetString() == "welcome")
            .GetProperty("id").GetString();
        (await installation.Admin.Post($"/admin/mail/{id}/resend", "")).Is(202);
        await Poll.Until(() => installation.MailsTo(email).Count == 3, Patience, "the welcome again");

        Assert.Equal(3, installation.MailsTo(email).Select(mail => mail["Message-ID"]).Distinct().Count());
        var health = (await installation.Anyone.Get($"{installation.Of("notifications")}/health")).Is(200).Json;
        var mail = health.GetProperty("components").GetProperty("mail");
        Assert.Equal("up", mail.GetProperty("status").GetString());
        Assert.True(mail.GetProperty("facts").GetProperty("oldestUnsentSeconds").GetInt64() < 60);
    }

    [InEveryTopology]
    public async Task Mailed_links_work_and_stand_nowhere_but_in_the_mail(Topology topology)
    {
        var installation = await installations.On(topology);
        var email = $"link-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        var verification = await Token("Confirm your e-mail address", "verify-email");
        (await installation.Anyone.Post("/auth/reset-password/request", $$"""{"email":"{{email}}"}""")).Is(202);
        var reset = await Token("Choose a new password", "reset-password");

        foreach (var (module, from) in new[]
        {
            ("identity", "outbox WHERE payload"), ("identity", "jobs WHERE payload"),
            ("notifications", "inbox WHERE payload"), ("notifications", "jobs WHERE payload"),
            ("notifications", "mails WHERE model"),
        })
        {
            Assert.Equal(0, await installation.Ledger.Rows(module, $"{from} LIKE '%{verification}%'"));
            Assert.Equal(0, await installation.Ledger.Rows(module, $"{from} LIKE '%{reset}%'"));
        }

        Assert.Equal(2, await installation.Ledger.Rows(
            "identity", $"outbox WHERE payload LIKE '%{email}%' AND payload LIKE '%sealedToken%'"));
        (await installation.Anyone.Post("/auth/verify-email", $$"""{"token":"{{verification}}"}""")).Is(204);
        (await installation.Anyone.Post(
            "/auth/reset-password", $$"""{"token":"{{reset}}","newPassword":"another long enough one"}""")).Is(200);
        (await installation.Anyone.Post(
            "/auth/login", Installation.Credentials(email, "another long enough one"))).Is(200);

        async Task<string> Token(string subject, string page)
        {
            MimeMessage? mail = null;
            await Poll.Until(
                () => (mail = installation.MailsTo(email).FirstOrDefault(one => one["Subject"] == subject)) is not null,
                Patience,
                subject);
            var link = $"http://localhost:8080/{page}?token=";
            var body = mail!.Part("text/plain").Body;
            var begin = body.IndexOf(link, StringComparison.Ordinal) + link.Length;
            Assert.True(begin >= link.Length, body);
            return body[begin..body.IndexOf('\r', begin)];
        }
    }

    [Flow(Postgres = false)]
    public async Task Mails_are_for_administrators_alone_and_a_preview_can_do_nothing(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var path in new[] { "/admin/mail", "/admin/mail/preview", "/admin/mail/preview/welcome" })
        {
            (await installation.Organizer.Get(path)).IsProblem(403, "forbidden");
            (await installation.Anyone.Get(path)).IsProblem(401, "unauthenticated");
        }

        var admin = installation.Admin;
        (await admin.Get("/admin/mail?state=lost")).IsProblem(400, "invalid_query", "state");
        (await admin.Post($"/admin/mail/{Guid.NewGuid()}/resend", "")).IsProblem(404, "not_found");
        (await admin.Get("/admin/mail/preview/nothing")).IsProblem(404, "not_found");
        (await admin.Get("/admin/mail/preview/welcome?part=pdf")).IsProblem(400, "invalid_query", "part");
        var names = (await admin.Get("/admin/mail/preview")).Is(200).Json.GetProperty("items").EnumerateArray()
            .Select(template => template.GetProperty("name").GetString()).ToList();
        Assert.Contains("booking-confirmed", names);
        foreach (var name in names)
        {
            var html = (await admin.Get($"/admin/mail/preview/{name}?language=en&part=html")).Is(200);
            Assert.Equal("text/html; charset=utf-8", html.Header("Content-Type"));
            Assert.Contains("sandbox", html.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.StartsWith("<!DOCTYPE html>", html.Text, StringComparison.Ordinal);
            var text = (await admin.Get($"/admin/mail/preview/{name}?part=text")).Is(200);
            Assert.Equal("text/plain; charset=utf-8", text.Header("Content-Type"));
        }
    }
}
