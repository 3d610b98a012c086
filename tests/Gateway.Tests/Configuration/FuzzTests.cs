using System.Text;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Configuration;

/// <summary>Whatever is in the file: faults, or a snapshot, and never an exception.</summary>
public sealed class FuzzTests
{
    private const string Marks = "{}[]:,&*#?|>-\"'%@`!~<= \t\n\r\0\u007fé€😀0123abcXYZ$/\\.";

    private static readonly byte[] Good = File.ReadAllBytes(
        Path.Combine(Solution.Root, "tests/Gateway.Tests/Good/everything.yaml"));

    [Fact]
    public void A_file_cut_off_at_any_byte_is_told_of()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            Judge(Good[..length]);
        }
    }

    [Fact]
    public void A_file_with_bytes_changed_is_told_of()
    {
        // Of a seed, so that what fails once fails again.
        var random = new Random(19);
        for (var round = 0; round < 4_000; round++)
        {
            var bytes = Good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Judge(bytes);
        }
    }

    [Fact]
    public void A_file_with_pieces_put_in_taken_out_and_swapped_is_told_of()
    {
        var random = new Random(20);
        var text = Encoding.UTF8.GetString(Good);
        for (var round = 0; round < 4_000; round++)
        {
            var changed = new StringBuilder(text);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(changed.Length);
                var length = Math.Min(random.Next(1, 30), changed.Length - at);
                switch (random.Next(3))
                {
                    case 0:
                        changed.Insert(at, Marks[random.Next(Marks.Length)]);
                        break;
                    case 1:
                        changed.Remove(at, length);
                        break;
                    default:
                        changed.Insert(random.Next(changed.Length), changed.ToString(at, length));
                        break;
                }
            }

            Judge(Encoding.UTF8.GetBytes(changed.ToString()));
        }
    }

    private static void Judge(byte[] bytes)
    {
        var file = GatewayFile.Read(bytes, "/tmp", _ => null);

        Assert.Equal(file.Faults.Count > 0, file.Snapshot is null);
        Assert.All(file.Faults, fault =>
        {
            Assert.True(fault is { Line: > 0, Column: > 0, Length: > 0 });
            Assert.InRange(fault.Caret, 0, fault.Excerpt!.Length);
        });
    }
}
