namespace Gatehouse.Kernel;

/// <summary>An amount in the currency's minor unit (cents for EUR, yen for JPY).</summary>
public readonly record struct Money(long Minor, Currency Currency)
{
    public bool IsZero => Minor == 0;

    public static Money operator *(Money price, int quantity) => price with { Minor = checked(price.Minor * quantity) };

    public static Money Multiply(Money price, int quantity) => price * quantity;

    public override string ToString() => $"{Minor} {Currency.Code}";
}

/// <summary>A currency of ISO 4217, by its three letters.</summary>
public readonly record struct Currency
{
    private const string Codes =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF " +
        "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD " +
        "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL " +
        "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP " +
        "PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT " +
        "TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

    private static readonly HashSet<string> Known = [.. Codes.Split(' ')];

    private readonly string? code;

    private Currency(string code) => this.code = code;

    public static Currency Euro { get; } = new("EUR");

    public string Code => code ?? "EUR";

    /// <summary>Digits of the minor unit: 2 for EUR, 0 for JPY.</summary>
    public int Digits => Code switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND"
            or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };

    public static bool TryParse(string? text, out Currency currency)
    {
        var known = text is not null && Known.Contains(text);
        currency = known ? new Currency(text!) : default;
        return known;
    }

    public static Currency Parse(string text) =>
        TryParse(text, out var currency)
            ? currency
            : throw new FormatException($"'{text}' is not a currency of ISO 4217.");

    public override string ToString() => Code;
}
