using Gatehouse.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Takes integration events, each with its effect exactly once: the effect is written in the transaction that also
/// notes the event in the inbox. Events may come late, repeated and out of order.
/// </summary>
public interface IEventConsumer
{
    /// <summary>Stable, such as <c>notifications.mail</c>: names its queue, and its rows in the inbox.</summary>
    string Name { get; }

    /// <summary>The module in whose database the inbox and the effect are.</summary>
    string Module { get; }

    /// <summary>What it wants, such as <c>booking.confirmed</c>, <c>booking.*</c> or <c>*</c>.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>
    /// Events of one transaction at most, which have 30 s for all of them and keep what they lock until its end: more
    /// is for a consumer that writes many effects with one statement.
    /// </summary>
    int TogetherMax => 100;

    /// <summary>
    /// Writes the effect in <paramref name="unit"/>, which the caller commits; no remote call. What it throws undoes
    /// the effect, and the event comes again after 1 s, 5 s, 30 s, 5 min and 1 h, then is a dead letter.
    /// </summary>
    Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation);

    /// <summary>
    /// The same for events that came together, in one transaction: for a consumer that can write many effects with one
    /// statement. When it throws, each of them is tried by itself; after a deadlock all together once more before that.
    /// </summary>
    async Task ConsumeTogether(
        UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation)
    {
        foreach (var one in received)
        {
            cancellation.ThrowIfCancellationRequested();
            await Consume(unit, one, cancellation);
        }
    }
}

public static class ConsumerRegistration
{
    public static IServiceCollection AddConsumer<TConsumer>(this IServiceCollection services)
        where TConsumer : class, IEventConsumer =>
        services.AddSingleton<IEventConsumer, TConsumer>();
}
