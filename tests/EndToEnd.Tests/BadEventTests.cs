using System.Text.Json.Nodes;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Events that cannot be.</summary>
public sealed class BadEventTests(Installations installations)
{
    private static readonly (string Field, string Value)[] Faults =
    [
        ("capacity", "0"), ("capacity", "-1"), ("capacity", "2147483648"), ("capacity", "1000001"), ("capacity", "1.5"),
        ("capacity", "\"10\""), ("capacity", "null"),
        ("price", "-1"), ("price", "100000001"), ("price", "9223372036854775808"), ("price", "12.50"),
        ("price", "\"5\""),
        ("currency", "\"XXQ\""), ("currency", "\"eur\""), ("currency", "\"\""), ("currency", "\"EURO\""),
        ("currency", "978"),
        ("startAt", "\"2030-02-30T00:00:00Z\""), ("startAt", "\"2030-01-01T19:00:00\""),
        ("startAt", "\"tomorrow\""), ("startAt", "1893456000"), ("startAt", "null"),
        ("startAt", "\"+275760-09-13T00:00:00Z\""),
        ("endAt", "\"9999-12-31T23:59:59Z\""), ("endAt", "\"0001-01-01T00:00:00Z\""),
        ("endAt", "\"2020-01-01T00:00:00Z\""),
        ("name", "\"\""), ("name", "\"   \""), ("name", "7"), ("name", "null"),
        ("timeZone", "\"Mars/Olympus\""), ("timeZone", "\"../etc/passwd\""), ("timeZone", "\"\""),
        ("status", "\"cancelled\""), ("status", "\"Published\""), ("status", "1"),
    ];

    [InEveryTopology]
    public async Task Each_fault_of_a_new_event_is_named(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var (field, value) in Faults)
        {
            var wish = Api.Wish("Refused");
            wish[field] = JsonNode.Parse(value);
            (await installation.Organizer.Post("/events", wish.ToJsonString()))
                .IsProblem(422, "validation_failed", field);
        }

        var texts = Api.Wish(new string('n', 201));
        texts["description"] = new string('d', 10_001);
        texts["venue"] = new string('v', 301);
        (await installation.Organizer.Post("/events", texts.ToJsonString()))
            .IsProblem(422, "validation_failed", "description", "name", "venue");
        (await installation.Organizer.Post("/events", "{}"))
            .IsProblem(422, "validation_failed", "capacity", "endAt", "name", "startAt");
        Assert.Equal(0, await installation.Ledger.Events("Refused"));
    }

    [InEveryTopology]
    public async Task An_event_ends_after_it_starts(Topology topology)
    {
        var installation = await installations.On(topology);
        var wish = Api.Wish();
        (wish["startAt"], wish["endAt"]) = ((string)wish["endAt"]!, (string)wish["startAt"]!);
        (await installation.Organizer.Post("/events", wish.ToJsonString()))
            .IsProblem(422, "validation_failed", "endAt");
        wish["endAt"] = (string)wish["startAt"]!;
        (await installation.Organizer.Post("/events", wish.ToJsonString()))
            .IsProblem(422, "validation_failed", "endAt");
    }

    [InEveryTopology]
    public async Task An_event_is_within_ten_years(Topology topology)
    {
        var installation = await installations.On(topology);
        (await installation.Organizer.Post("/events", Api.Wish(days: 3_660).ToJsonString()))
            .IsProblem(422, "validation_failed", "startAt");
        var wish = Api.Wish();
        wish["startAt"] = "9999-12-31T22:00:00Z";
        wish["endAt"] = "9999-12-31T23:59:59Z";
        (await installation.Organizer.Post("/events", wish.ToJsonString()))
            .IsProblem(422, "validation_failed", "startAt");
        // Past the end of the calendar once its offset is taken off.
        wish["startAt"] = "9999-12-31T23:59:59-14:00";
        wish["endAt"] = "9999-12-31T23:59:59-14:00";
        (await installation.Organizer.Post("/events", wish.ToJsonString()))
            .IsProblem(422, "validation_failed", "endAt", "startAt");
    }

    [InEveryTopology]
    public async Task Each_fault_of_a_change_is_named_and_nothing_changes(Topology topology)
    {
        var installation = await installations.On(topology);
        var eventId = await installation.Organizer.Publish(10);
        var before = (await installation.Organizer.Get($"/events/{eventId}")).Is(200).Text;
        foreach (var (field, value) in Faults.Where(fault => fault != ("status", "\"cancelled\"")))
        {
            var change = new JsonObject { ["venue"] = "Elsewhere", [field] = JsonNode.Parse(value) };
            (await installation.Organizer.Patch($"/events/{eventId}", change.ToJsonString()))
                .IsProblem(422, "validation_failed", field);
        }

        foreach (var field in new[] { "id", "slug", "version", "available", "sold", "organizerId" })
        {
            (await installation.Organizer.Patch($"/events/{eventId}", $$"""{"{{field}}":1}"""))
                .IsProblem(422, "validation_failed", field);
        }

        Assert.Equal(before, (await installation.Organizer.Get($"/events/{eventId}")).Is(200).Text);
    }

    [InEveryTopology]
    public async Task Only_organizers_make_events_and_only_admins_delete_them(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Admin.Publish(5);
        var wish = Api.Wish().ToJsonString();
        (await installation.Anyone.Post("/events", wish)).IsProblem(401, "unauthenticated");
        (await buyer.Post("/events", wish)).IsProblem(403, "forbidden");
        (await buyer.Patch($"/events/{eventId}", "{}")).IsProblem(403, "forbidden");
        (await installation.Organizer.Delete($"/events/{eventId}")).IsProblem(403, "forbidden");
        // It is the admin's: for another organizer there is nothing to change.
        (await installation.Organizer.Patch($"/events/{eventId}", "{}")).IsProblem(404, "not_found");
    }
}
