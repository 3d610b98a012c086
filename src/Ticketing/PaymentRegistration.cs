using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Http;
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
        services.AddSingleton<TestPayments>();
        services.AddSingleton<IPaymentProvider>(provider => provider.GetRequiredService<TestPayments>());
        services.AddSingleton<PaymentProviders>();
        services.AddSingleton<PaymentSettlement>();
        services.AddSingleton<RefundService>();
        services.AddSingleton<OwnBookings>();
        services.AddSingleton<GuestSecrets>();
        GuestLimit.Add(services);
        services.AddSingleton<IReconciliation, ReconciliationRepository>();
        services.AddSingleton<IPayments, PaymentService>();
        services.AddSingleton<PaymentCallbackService>();
        services.AddSingleton<PaymentLookService>();
        services.AddPaymentLimits();
        services.AddJob<RefundJob>();
        services.AddJob<TestCallbackJob>();
        services.AddSchedule<LookAtPaymentsSchedule>();
        services.AddSchedule<ResumeRefundsSchedule>();
        services.AddSchedule<PruneCallbacksSchedule>();
    }
}
