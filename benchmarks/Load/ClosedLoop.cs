using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Bench.Load;

/// <summary>
/// Closed-loop load: every connection sends its next request when it has the answer to its last. One thread that waits
/// on all connections at once, because it shares the processors with the server: each answer costs it one receive and
/// one send.
/// </summary>
internal static class ClosedLoop
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    /// <param name="server">An address of this machine.</param>
    /// <param name="requests">Whole requests; sent in turn, whatever the connection.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="wantedStatus">What counts as accepted.</param>
    /// <param name="warmUp">The first part, which does not count.</param>
    /// <param name="counted">The part that does. After it, what is under way is awaited.</param>
    public static LoadResult Run(
        EndPoint server,
        IReadOnlyList<byte[]> requests,
        int connections,
        int wantedStatus,
        TimeSpan warmUp,
        TimeSpan counted)
    {
        var open = Enumerable.Range(0, connections)
            .Select(_ => new LoadConnection(server)).ToDictionary(connection => connection.Socket);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var window = new Window(started + Ticks(warmUp), started + Ticks(warmUp + counted), wantedStatus);
            var next = 0;
            foreach (var connection in open.Values)
            {
                connection.Send(requests[next++ % requests.Count], Stopwatch.GetTimestamp());
            }

            var waiting = open.Keys.ToList();
            var ready = new List<Socket>(connections);
            while (waiting.Count > 0)
            {
                ready.Clear();
                ready.AddRange(waiting);
                Socket.Select(ready, checkWrite: null, checkError: null, SilenceMax);
                if (ready.Count == 0)
                {
                    throw new TimeoutException($"No answer for {SilenceMax.TotalSeconds:0} s.");
                }

                foreach (var socket in ready)
                {
                    var connection = open[socket];
                    if (!connection.Receive())
                    {
                        continue;
                    }

                    var now = Stopwatch.GetTimestamp();
                    window.Note(connection, now);
                    if (now < window.End)
                    {
                        connection.Send(requests[next++ % requests.Count], now);
                    }
                    else
                    {
                        waiting.Remove(socket);
                    }
                }
            }

            return window.Result(counted);
        }
        finally
        {
            foreach (var connection in open.Values)
            {
                connection.Dispose();
            }
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private sealed class Window(long start, long end, int wantedStatus)
    {
        private readonly List<long> latencies = new(1 << 20);
        private long accepted;
        private long refused;
        private string? firstRefusal;

        public long End => end;

        public void Note(LoadConnection connection, long now)
        {
            if (connection.Status != wantedStatus)
            {
                refused++;
                firstRefusal ??= connection.Answer;
                return;
            }

            accepted++;
            if (now >= start && now < end)
            {
                latencies.Add(now - connection.SentAt);
            }
        }

        public LoadResult Result(TimeSpan counted)
        {
            latencies.Sort();
            return new LoadResult(accepted, refused, firstRefusal, counted, latencies);
        }
    }
}
