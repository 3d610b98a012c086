using System.Collections.Concurrent;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Signing keys change while people work.</summary>
[Collection(Alone.Name)]
public sealed class RotationTests
{
    private const int Rotations = 3;
    private const int WorkersPerInstance = 2;

    [Fact]
    public async Task Keys_rotate_under_load_without_one_401_in_two_instances_and_a_process_apart()
    {
        await using var installation = await Installation.Start(
            DatabaseProvider.Postgres, ("GATEHOUSE_IDENTITY__KEYSMAXAGESECONDS", "2"));
        using var second = await installation.StartAnother();
        using var apart = await installation.StartAnother(
            null,
            ("GATEHOUSE_MODULES", "ticketing"),
            ("GATEHOUSE_TOKENS__IDENTITYURL", installation.Process.Address.ToString()));
        using var enough = new CancellationTokenSource();
        var (kids, answers) = (new ConcurrentDictionary<string, bool>(), 0);
        var work = new[] { installation.Process, second }
            .SelectMany(instance => Enumerable.Repeat(instance, WorkersPerInstance))
            .Select((instance, number) => Task.Run(() => Work(new Api(instance.Client), number)))
            .ToList();

        for (var i = 0; i < Rotations; i++)
        {
            await Rotate(installation);
        }

        await enough.CancelAsync();
        await Task.WhenAll(work);
        Assert.Equal(Rotations + 1, kids.Count);
        Assert.True(answers > 100, $"{answers} answers");

        // Each token is shown to all three: those of this key, and the first one of all.
        async Task Work(Api at, int number)
        {
            var email = $"rotating-{number}@example.org";
            await installation.SignUp(email);
            var grant = (await at.Post("/auth/login", Installation.Credentials(email))).Is(200);
            var first = grant["accessToken"];
            while (!enough.IsCancellationRequested)
            {
                foreach (var token in new[] { first, grant["accessToken"] })
                {
                    (await (installation.Anyone with { Token = token }).Get("/auth/me")).Is(200);
                    (await new Api(second.Client, token).Get("/auth/me")).Is(200);
                    (await new Api(apart.Client, token).Get("/bookings")).Is(200);
                    Interlocked.Add(ref answers, 3);
                    kids.TryAdd(token.Split('.')[0], true);
                }

                grant = (await at.Post(
                    "/auth/refresh", $$"""{"refreshToken":"{{grant["refreshToken"]}}"}""")).Is(200);
            }
        }
    }

    [OnEveryDatabase]
    public async Task A_key_that_may_have_been_stolen_is_replaced_at_once(DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(
            provider, ("GATEHOUSE_IDENTITY__KEYSMAXAGESECONDS", "2"));
        var login = (await installation.Anyone.Post("/auth/login", Installation.Credentials("stage@example.org")))
            .Is(200);
        var holder = installation.Anyone with { Token = login["accessToken"] };
        (await holder.Get("/auth/me")).Is(200);

        var replaced = await installation.Run("keys", "rotate", "--now");
        Assert.True(replaced.ExitCode == 0, replaced.Errors);
        Assert.EndsWith("signs", Assert.Single((await installation.Run("keys", "list")).Output.Split('\n')));

        await Poll.Until(
            async () => (await holder.Get("/auth/me")).Status == 401, TimeSpan.FromSeconds(10), "the old key to go");
        var fresh = (await installation.Anyone.Post(
            "/auth/refresh", $$"""{"refreshToken":"{{login["refreshToken"]}}"}""")).Is(200);
        (await (holder with { Token = fresh["accessToken"] }).Get("/auth/me")).Is(200);
    }

    private static async Task Rotate(Installation installation)
    {
        var made = await installation.Run("keys", "rotate");
        Assert.True(made.ExitCode == 0, made.Errors);
        var kid = made.Output.Split(' ')[0];
        await Poll.Until(
            async () => (await installation.Run("keys", "list")).Output.Split('\n').Any(line =>
                line.StartsWith(kid, StringComparison.Ordinal) && line.EndsWith("signs", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30),
            "the new key to sign");
    }
}
