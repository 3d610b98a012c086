using System.Net.Mail;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// Writes each mail as an <c>.eml</c> file that any mail program opens. Its name is the mail's, and it is whole when
/// it appears: written again after a crash, it is the same one file.
/// </summary>
internal sealed class PickupTransport(string folder) : IMailTransport
{
    public string Way => $"files in {folder}";

    public async Task Send(MailMessage message, string name, CancellationToken cancellation)
    {
        // On the same file system, so that the rename is one step; hidden, so that nobody takes it half written.
        var part = Path.Combine(folder, $".{name}");
        Directory.CreateDirectory(part);
        try
        {
            using var client = new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = part,
                DeliveryFormat = SmtpTransport.Format(message),
            };
            await client.SendMailAsync(message, cancellation);
            var file = Directory.GetFiles(part, "*.eml").MaxBy(File.GetLastWriteTimeUtc)!;
            await using (var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(file, Path.Combine(folder, $"{name}.eml"), overwrite: true);
        }
        finally
        {
            Directory.Delete(part, recursive: true);
        }
    }

    /// <summary>Deletes files from before that time; answers how many.</summary>
    public int Prune(DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var old = Directory.EnumerateFiles(folder, "*.eml")
            .Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime).ToList();
        old.ForEach(File.Delete);
        return old.Count;
    }
}
