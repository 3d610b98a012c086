namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>
/// Books and cancels, each order with a key of its own, and sends it again with the key until the answer says what
/// became of it.
/// </summary>
internal sealed class Customer(
    string email, IReadOnlyList<HttpClient> instances, IReadOnlyList<string> events, Journal journal, int number)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);
    private readonly Random random = new(number);
    private readonly Api[] doors = [.. instances.Select(instance => new Api(instance))];

    /// <summary>Until it is told to stop; then it ends when its last order has an answer.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (key, quantity) = ($"{Guid.NewGuid():N}", random.Next(1, 4));
            var (first, second) = (Event(), Event());
            journal.Asked(key, first, quantity);
            switch (random.Next(20))
            {
                case 0:
                    // Impatient: the same at two doors at once. Then for two events, of which one can be had.
                    await Task.WhenAll(Settle(key, first, quantity, 0), Settle(key, first, quantity, 1));
                    break;
                case 1:
                    await Task.WhenAll(Settle(key, first, quantity, 0), Settle(key, second, quantity, 1));
                    break;
                default:
                    await Order(key, first, quantity);
                    break;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>One order for itself, taken back at once.</summary>
    public async Task BookAndCancel(string eventId)
    {
        var key = $"{Guid.NewGuid():N}";
        var answer = (await Again(door => door.Book(eventId, 1, key), key, 0, 201)).Is(201);
        await Again(door => door.Delete($"/bookings/{answer.Id}"), key, 0, 204);
    }

    private async Task Order(string key, string eventId, int quantity)
    {
        var answer = await Settle(key, eventId, quantity, random.Next(doors.Length));
        if (answer.Status == 201 && random.Next(3) == 0)
        {
            var cancelled = await Again(door => door.Delete($"/bookings/{answer.Id}"), key, 0, 204, 404);
            Assert.True(
                cancelled.Status == 204, $"acknowledged bookings are lost: {answer.Id} is unknown a moment after.");
        }
    }

    private async Task<Answer> Settle(string key, string eventId, int quantity, int door)
    {
        var answer = await Again(api => api.Book(eventId, quantity, key), key, door, 201, 409, 422);
        journal.Answered(key, answer.Status, answer.Status == 201 ? answer.Id : answer["code"]);
        return answer;
    }

    // From door to door, until one of the answers that leave nothing open.
    private async Task<Answer> Again(Func<Api, Task<Answer>> send, string key, int door, params int[] definite)
    {
        while (true)
        {
            try
            {
                if (doors[0].Token is null)
                {
                    // As nobody one would book as a guest.
                    await LogIn(door);
                }

                var answer = await send(doors[door++ % doors.Length]);
                if (definite.Contains(answer.Status))
                {
                    return answer;
                }

                if (answer.Status == 401)
                {
                    // In a long run, whenever the token has had its minutes.
                    await LogIn(door);
                }
                else if (answer.Status >= 500)
                {
                    journal.Unknown(key, $"{answer.Status}");
                }
                else
                {
                    throw new InvalidOperationException($"Nobody said that this can be answered: {answer}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                journal.Unknown(key, exception.Message);
            }

            await Task.Delay(AgainAfter, CancellationToken.None);
        }
    }

    private async Task LogIn(int door)
    {
        var answer = await doors[door % doors.Length].Post("/auth/login", Installation.Credentials(email));
        if (answer.Status == 200)
        {
            for (var i = 0; i < doors.Length; i++)
            {
                doors[i] = doors[i] with { Token = answer["accessToken"] };
            }
        }
    }

    private string Event() => events[random.Next(events.Count)];
}
