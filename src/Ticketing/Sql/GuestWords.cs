using Gatehouse.Foundation.Data;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Keeps what guests are found by, in the transaction of their booking.</summary>
internal static class GuestWords
{
    public static async Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings)
    {
        var rows = bookings
            .Where(booking => booking.Name is not null || booking.Email is not null)
            .SelectMany(
                booking => GuestSearch.WordsOf(booking.Name, booking.Email),
                (booking, word) => new { eventId = booking.Event.Value, word, bookingId = booking.Id.Value })
            .ToList();
        if (rows.Count > 0)
        {
            await (unit.IsPostgres
                ? unit.Execute(Sql.Insert.Postgres, new
                {
                    eventIds = rows.Column(row => row.eventId),
                    words = rows.Column(row => row.word),
                    bookingIds = rows.Column(row => row.bookingId),
                })
                : unit.Execute(Sql.Insert.Sqlite, rows));
        }
    }

    private static class Sql
    {
        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO guest_words (event_id, word, booking_id)
                VALUES (@eventId, @word, @bookingId)
                """;

            public const string Postgres =
                """
                INSERT INTO guest_words (event_id, word, booking_id)
                SELECT event_id, word, booking_id
                FROM unnest(CAST(@eventIds AS uuid[]), CAST(@words AS text[]), CAST(@bookingIds AS uuid[]))
                    AS w (event_id, word, booking_id)
                """;
        }
    }
}
