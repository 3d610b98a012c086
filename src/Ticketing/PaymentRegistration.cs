using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Jobs;
using Gatehouse.Ticketing.Services;
using Gatehouse.Ticketing.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing;

/// <summary>What takes money and gives it back.</summary>
internal static class PaymentRegistration
{
    public static void AddPayments(this IServiceCollection services)
    {
        services.AddSingleton<IPaymentRepository, PaymentRepository>();
        services.AddSingleton<IPaymentProvider, ManualPayments>();
        services.AddSingleton<PaymentProviders>();
        services.AddSingleton<PaymentSettlement>();
        services.AddSingleton<RefundService>();
        services.AddSingleton<OwnBookings>();
        services.AddSingleton<GuestSecrets>();
        services.AddSingleton<IPayments, PaymentService>();
        services.AddJob<RefundJob>();
    }
}
