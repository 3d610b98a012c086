using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class TicketDocumentTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_code_of_the_pdf_is_read_off_its_picture_and_verifies_with_the_public_key_alone()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var @event = await office.Publish(capacity: 10);
        var name = string.Join(' ', Enumerable.Repeat("Žluťoučký kůň 音楽会 🎻 عود", 7));
        var named = (await office.Events.Update(
            office.Organizer,
            @event.Id,
            new UpdateEvent
            {
                Name = name,
                Venue = new string('W', 300),
                Address = "Line 1\nLine 2",
                TimeZone = "Asia/Kathmandu",
            },
            null,
            cancellation)).Value;
        var balcony = await office.AddType(@event.Id, new CreateTicketType("Balcony"));
        var standard = (await office.SeeTypes(@event.Id))[0];
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, buyer, null, (standard, 2), (balcony, 2))).Value.Booking;
        await office.Bookings.CancelTicket(
            new BookingAccess(buyer, null), booking.Id, booking.Tickets[1].Id, cancellation);

        var pdf = (await office.Get<ITicketDocuments>().Write(
            new BookingAccess(buyer, null), booking.Id, cancellation)).Value;

        Assert.Equal($"tickets-{booking.Code}.pdf", pdf.Name);
        var key = Assert.Single((await office.Get<ITicketKeys>().Published(cancellation)).Keys);
        var folder = ScratchFolder.Create();
        await File.WriteAllBytesAsync(Path.Combine(folder, "tickets.pdf"), pdf.Content, cancellation);
        await Tool.Run(
            "pdftoppm", "poppler-utils", cancellation,
            "-r", "100", "-png", Path.Combine(folder, "tickets.pdf"), Path.Combine(folder, "page"));
        var read = new List<string>();
        foreach (var page in Directory.GetFiles(folder, "page*.png").Order(StringComparer.Ordinal))
        {
            read.Add(await Tool.Run("zbarimg", "zbar-tools", cancellation, "--raw", "-q", page));
        }

        Assert.Equal([booking.Tickets[0].Code, booking.Tickets[2].Code, booking.Tickets[3].Code], read);
        Assert.All(read, code =>
        {
            var (claim, bytes) = TicketCode.Read(code)!.Value;
            Assert.Equal((key.Kid, named.Id), (claim.Kid, claim.Event.Value));
            Assert.True(TicketKeyMaker.Verifier(key).Verify(bytes));
        });
        var text = await Tool.Run(
            "pdftotext", "poppler-utils", cancellation, "-layout", Path.Combine(folder, "tickets.pdf"), "-");
        Assert.Contains($"{booking.Code}-4", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{booking.Code}-2", text, StringComparison.Ordinal);
        Assert.Contains("(Asia/Kathmandu)", text, StringComparison.Ordinal);
        Assert.Contains("Žlutoucký", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_of_a_code_are_read_as_it_and_strangers_get_none()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var @event = await office.Publish(capacity: 10);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var documents = office.Get<ITicketDocuments>();
        var ticket = booking.Tickets[0];

        var access = new BookingAccess(buyer, null);
        var code = (await documents.FindCode(access, booking.Id, ticket.Id, cancellation)).Value;
        var file = Path.Combine(ScratchFolder.Create(), "qr.png");
        await File.WriteAllBytesAsync(file, Gatehouse.Foundation.Documents.QrPicture.Png(code, 4), cancellation);

        Assert.Equal(ticket.Code, await Tool.Run("zbarimg", "zbar-tools", cancellation, "--raw", "-q", file));
        Assert.Contains(
            "viewBox=\"0 0 53 53\"",
            Gatehouse.Foundation.Documents.QrPicture.Svg(code), StringComparison.Ordinal);
        var stranger = new BookingAccess(BoxOffice.Person(), null);
        Assert.Equal("not_found", (await documents.Write(stranger, booking.Id, cancellation)).Problem?.Code.Name);
        Assert.Equal(
            "not_found", (await documents.FindCode(stranger, booking.Id, ticket.Id, cancellation)).Problem?.Code.Name);
        Assert.Equal("not_found", (await documents.FindCode(
            new BookingAccess(buyer, null), booking.Id, Guid.NewGuid(), cancellation)).Problem?.Code.Name);
    }
}
