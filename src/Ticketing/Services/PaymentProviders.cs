namespace Gatehouse.Ticketing.Services;

/// <summary>Those this installation takes money with.</summary>
internal sealed class PaymentProviders(IEnumerable<IPaymentProvider> providers)
{
    private readonly Dictionary<string, IPaymentProvider> byName =
        providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>What a buyer pays with who names none: the one that needs no organizer, if there is one.</summary>
    public IPaymentProvider Usual =>
        byName.Values.FirstOrDefault(provider => provider.Refunds) ?? byName[ManualPayments.ProviderName];

    public IPaymentProvider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The one a payment was begun with; it may have been switched off since.</summary>
    public IPaymentProvider Of(string name) => Find(name)
        ?? throw new InvalidOperationException($"The payment provider '{name}' is switched off.");
}
