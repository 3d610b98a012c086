namespace Gatehouse.Split;

/// <summary>What a part says, in a file that stays bounded: a full one becomes <c>.1</c>.</summary>
internal sealed class LogFile : IDisposable
{
    private const long BytesMax = 20_000_000;
    private const int LastMax = 30;

    private readonly Lock gate = new();
    private readonly Queue<string> last = new();
    private readonly string path;
    private StreamWriter? writer;
    private bool isOver;

    public LogFile(string path)
    {
        this.path = path;
        writer = Open();
    }

    public string Path => path;

    /// <summary>For the text of a failure.</summary>
    public string Last
    {
        get
        {
            lock (gate)
            {
                return string.Join('\n', last.Select(line => $"    {line}"));
            }
        }
    }

    public void Add(string line)
    {
        lock (gate)
        {
            last.Enqueue(line);
            if (last.Count > LastMax)
            {
                last.Dequeue();
            }

            if (isOver)
            {
                return;
            }

            try
            {
                Write(line);
            }
            catch (IOException)
            {
                // A full disk: better a line less than a deployment.
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            try
            {
                writer?.Dispose();
            }
            catch (IOException)
            {
                // What did not fit does not fit now.
            }
        }
    }

    private void Write(string line)
    {
        writer ??= Open();
        writer.WriteLine(line);
        if (writer.BaseStream.Length > BytesMax)
        {
            var full = writer;
            writer = null;
            full.Dispose();
            File.Move(path, $"{path}.1", overwrite: true);
        }
    }

    private StreamWriter Open() => new(path, append: true) { AutoFlush = true };
}
