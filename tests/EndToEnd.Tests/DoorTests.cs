namespace Gatehouse.EndToEnd.Tests;

/// <summary>A ticket's way from its picture to the door, for who holds only a token of that door.</summary>
public sealed class DoorTests(Installations installations)
{
    [Flow]
    public async Task Whoever_has_a_door_token_lets_guests_in_and_may_do_nothing_else(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var (here, there) = (await installation.Organizer.Publish(5), await installation.Organizer.Publish(5));
        var booking = (await buyer.Book(here)).Is(201);
        var ticket = booking.Json.GetProperty("tickets")[0];
        var code = ticket.GetProperty("code").GetString();
        var made = (await installation.Organizer.Post(
            $"/events/{here}/door-tokens", """{"name":"North gate"}""")).Is(201);
        var door = ("Door-Token", made["token"]);
        var anyone = installation.Anyone;

        var scan = (await anyone.Post(
            $"/events/{here}/check-ins", $$"""{"code":"{{code}}","gate":"North","scanId":"1"}""", door)).Is(200);
        Assert.Equal("admitted", scan["result"]);
        Assert.Equal(booking["code"] + "-1", scan.Json.GetProperty("ticket").GetProperty("shortCode").GetString());
        var again = (await anyone.Post($"/events/{here}/check-ins", $$"""{"code":"{{code}}"}""", door)).Is(200);
        Assert.Equal(("already_admitted", "North"), (again["result"], again["gate"]));
        Assert.Equal(1, (await anyone.Get($"/events/{here}/check-ins/counts", door)).Is(200).Number("admitted"));
        Assert.Single((await anyone.Get($"/events/{here}/guests?q={booking["code"]}", door)).Is(200)
            .Json.GetProperty("items").EnumerateArray());
        (await buyer.Delete($"/bookings/{booking.Id}")).IsProblem(409, "ticket_checked_in");
        (await anyone.Post(
            $"/events/{here}/check-ins/{scan["checkInId"]}/undo", """{"reason":"a test"}""", door)).Is(204);
        (await buyer.Delete($"/bookings/{booking.Id}")).Is(204);
        Assert.Equal("void", (await anyone.Post(
            $"/events/{here}/check-ins", $$"""{"ticketId":"{{ticket.GetProperty("id").GetString()}}"}""", door))
            .Is(200)["result"]);

        (await anyone.Get($"/events/{there}/guests", door)).IsProblem(404, "not_found");
        (await anyone.Get($"/events/{here}/door-tokens", door)).IsProblem(401, "unauthenticated");
        (await anyone.Get($"/events/{here}/guests", ("Door-Token", "door_none"))).IsProblem(401, "invalid_door_token");
        (await anyone.Get($"/events/{here}/guests")).IsProblem(401, "unauthenticated");
        (await installation.Organizer.Delete($"/events/{here}/door-tokens/{made.Id}")).Is(204);
        (await anyone.Get($"/events/{here}/guests", door)).IsProblem(401, "invalid_door_token");
    }

    [Flow]
    public async Task Tickets_come_as_pictures_and_on_paper_and_stay_in_no_cache(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var booking = (await buyer.Book(await installation.Organizer.Publish(5), 2)).Is(201);
        var ticket = $"/bookings/{booking.Id}/tickets/{booking.Json.GetProperty("tickets")[0].GetProperty("id")}";

        foreach (var (path, type) in new[]
        {
            ($"/bookings/{booking.Id}/tickets.pdf", "application/pdf"), ($"{ticket}/qr.png", "image/png"),
            ($"{ticket}/qr.svg", "image/svg+xml"),
        })
        {
            var answer = (await buyer.Get(path)).Is(200);
            Assert.Equal((type, "no-store"), (answer.Header("Content-Type"), answer.Header("Cache-Control")));
            (await installation.Organizer.Get(path)).IsProblem(404, "not_found");
            (await installation.Anyone.Get(path)).IsProblem(401, "unauthenticated");
        }

        var keys = (await installation.Anyone.Get("/tickets/keys")).Is(200);
        Assert.NotEmpty(keys.Json.GetProperty("keys").EnumerateArray());
        (await installation.Anyone.Get("/tickets/keys", ("If-None-Match", keys.Header("ETag")!))).Is(304);
    }
}
