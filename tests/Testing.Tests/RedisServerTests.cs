namespace Gatehouse.Testing.Tests;

public sealed class RedisServerTests
{
    [Fact]
    public void A_killed_server_comes_back_empty_on_the_same_port()
    {
        using var server = RedisServer.Start();
        var port = server.Port;
        Assert.Equal("+OK", server.Type("SET kept 7"));

        server.Kill();
        Assert.ThrowsAny<Exception>(() => server.Type("PING"));
        server.Restart();

        Assert.Equal(port, server.Port);
        Assert.Equal("$-1", server.Type("GET kept"));
    }

    [Fact]
    public async Task A_paused_server_answers_only_after_it_is_resumed()
    {
        using var server = RedisServer.Start();
        server.Pause();
        var asked = Task.Run(() => server.Type("PING"), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => asked.WaitAsync(
            TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));

        server.Resume();

        Assert.Equal("+PONG", await asked.WaitAsync(
            TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken));
    }
}
