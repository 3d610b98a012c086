namespace Gatehouse.Ticketing.Services;

/// <summary>Those this installation takes money with.</summary>
internal sealed class PaymentProviders(IEnumerable<IPaymentProvider> providers)
{
    private readonly Dictionary<string, IPaymentProvider> byName =
        providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    /// <summary>What a buyer may pay with; who names none gets the first.</summary>
    public IReadOnlyList<IPaymentProvider> Offered { get; } =
        [.. providers.Where(provider => provider.IsOffered).OrderByDescending(provider => provider.Refunds)];

    /// <summary>Null where a payment cannot be begun with it.</summary>
    public IPaymentProvider? FindOffered(string? name) => name is null
        ? Offered[0]
        : Offered.FirstOrDefault(provider => string.Equals(provider.Name, name, StringComparison.Ordinal));

    /// <summary>One that payments may have been begun with.</summary>
    public IPaymentProvider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The one a payment was begun with.</summary>
    public IPaymentProvider Of(string name) => Find(name)
        ?? throw new InvalidOperationException($"There is no payment provider '{name}' any more.");
}
