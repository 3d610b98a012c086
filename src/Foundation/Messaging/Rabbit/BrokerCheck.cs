using RabbitMQ.Client.Exceptions;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>Tries the broker of the settings once, for somebody who wants to know before a start.</summary>
public static class BrokerCheck
{
    /// <summary>What is wrong; null when it answers. Never quotes the connection, which has a password.</summary>
    public static async Task<string?> Fault(BrokerOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var link = await RabbitLink.Open(options, "check", cancellation);
            await link.Ping(cancellation);
            return null;
        }
        catch (Exception failure) when (failure.GetBaseException() is PossibleAuthenticationFailureException)
        {
            return "it refuses user or password of GATEHOUSE_BROKER__CONNECTION";
        }
        catch (Exception failure) when (failure.GetBaseException() is OperationInterruptedException refused)
        {
            return $"it refuses what GATEHOUSE_BROKER__CONNECTION asks for: {refused.ShutdownReason?.ReplyText}";
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return "it cannot be reached where GATEHOUSE_BROKER__CONNECTION says " +
                $"({failure.GetBaseException().GetType().Name})";
        }
    }
}
