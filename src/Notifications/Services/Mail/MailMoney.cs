using System.Globalization;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Amounts as people read them: with the digits of the currency, in the writing of the language.</summary>
internal static class MailMoney
{
    public static string Text(long minor, string currency, CultureInfo culture)
    {
        var digits = Currency.Parse(currency).Digits;
        var amount = new decimal(minor);
        for (var i = 0; i < digits; i++)
        {
            amount /= 10;
        }

        return $"{amount.ToString($"N{digits}", culture)} {currency}";
    }
}
