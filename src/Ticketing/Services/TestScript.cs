using System.Runtime.InteropServices;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>What the test provider does with a payment: chosen by the last two digits of its amount.</summary>
internal sealed class TestScript
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private TestScript()
    {
    }

    /// <summary>When all is said; null: with the end of the hold.</summary>
    private TimeSpan? After { get; init; } = TimeSpan.Zero;

    private PaymentStatus Status { get; init; } = PaymentStatus.Succeeded;

    private bool Twice { get; init; }

    private bool WrongOrder { get; init; }

    /// <summary>Nothing is said: who does not ask does not know.</summary>
    private bool Silent { get; init; }

    public bool FailsRefundOnce { get; private init; }

    public static TestScript Of(Payment payment) => (payment.Amount.Minor % 100) switch
    {
        1 => new TestScript { Status = PaymentStatus.Failed },
        2 => new TestScript { After = Short },
        3 => new TestScript { Twice = true },
        4 => new TestScript { After = null },
        5 => new TestScript { WrongOrder = true },
        6 => new TestScript { FailsRefundOnce = true },
        7 => new TestScript { Silent = true },
        8 => new TestScript { Silent = true, Status = PaymentStatus.Failed, After = null },
        _ => new TestScript(),
    };

    /// <summary>The callbacks, with what they wait for after the payment was begun.</summary>
    public IReadOnlyList<SaidByTest> Callbacks(Payment payment)
    {
        if (Silent)
        {
            return [];
        }

        var wait = Wait(payment);
        var said = new SaidByTest($"{payment.Id}", Status, wait);
        return this switch
        {
            // The same callback again, and then the same news under another id.
            { Twice: true } => [said, said, said with { Id = $"{payment.Id}-again" }],
            { WrongOrder: true } =>
            [
                said,
                new SaidByTest($"{payment.Id}-stale", PaymentStatus.Failed, wait + Moment),
                new SaidByTest($"{payment.Id}-staler", PaymentStatus.Pending, wait + Moment),
            ],
            _ => [said],
        };
    }

    /// <summary>What it answers when it is asked.</summary>
    public PaymentStatus Known(Payment payment, DateTimeOffset now) =>
        now >= payment.CreatedAt + Wait(payment) ? Status : PaymentStatus.Pending;

    private TimeSpan Wait(Payment payment) => After ?? payment.ExpiresAt - payment.CreatedAt + Moment;
}

/// <summary>One callback.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SaidByTest(string Id, PaymentStatus Status, TimeSpan After);
