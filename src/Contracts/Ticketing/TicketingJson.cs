using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Source-generated JSON of the box office: no reflection on the way of a booking.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CreateEvent))]
[JsonSerializable(typeof(UpdateEvent))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(ListAnswer<EventView>), TypeInfoPropertyName = "EventList")]
[JsonSerializable(typeof(CreateTicketType))]
[JsonSerializable(typeof(UpdateTicketType))]
[JsonSerializable(typeof(TicketTypeView))]
[JsonSerializable(typeof(TicketTypeList))]
[JsonSerializable(typeof(PoolRequest))]
[JsonSerializable(typeof(PoolView))]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(PlaceBooking))]
[JsonSerializable(typeof(BookingView))]
[JsonSerializable(typeof(ListAnswer<BookingView>), TypeInfoPropertyName = "BookingList")]
[JsonSerializable(typeof(TokenKeySet))]
[JsonSerializable(typeof(ScanTicket))]
[JsonSerializable(typeof(UndoCheckIn))]
[JsonSerializable(typeof(CheckInView))]
[JsonSerializable(typeof(CheckInCounts))]
[JsonSerializable(typeof(ListAnswer<GuestView>), TypeInfoPropertyName = "GuestList")]
[JsonSerializable(typeof(CreateDoorToken))]
[JsonSerializable(typeof(NewDoorToken))]
[JsonSerializable(typeof(DoorTokenList))]
[JsonSerializable(typeof(TicketCheckedInEvent))]
[JsonSerializable(typeof(TicketCheckInUndoneEvent))]
[JsonSerializable(typeof(EventStats))]
[JsonSerializable(typeof(EventBookingView))]
[JsonSerializable(typeof(ListAnswer<EventBookingView>), TypeInfoPropertyName = "EventBookingList")]
[JsonSerializable(typeof(BookingConfirmedEvent))]
[JsonSerializable(typeof(BookingHeldEvent))]
[JsonSerializable(typeof(BookingReleasedEvent))]
[JsonSerializable(typeof(TicketCancelledEvent))]
[JsonSerializable(typeof(EventChangedEvent))]
[JsonSerializable(typeof(BeginPayment))]
[JsonSerializable(typeof(MarkPayment))]
[JsonSerializable(typeof(PaymentView))]
[JsonSerializable(typeof(ListAnswer<Discrepancy>), TypeInfoPropertyName = "DiscrepancyList")]
[JsonSerializable(typeof(PaymentChangedEvent))]
public sealed partial class TicketingJson : JsonSerializerContext;
