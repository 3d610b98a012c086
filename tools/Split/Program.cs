using Gatehouse.Split;

// Starts Gatehouse as a deployment of processes on this machine; ./run --split builds and runs it.
if (!SplitOptions.TryParse(args, out var options, out var fault))
{
    await Console.Error.WriteLineAsync($"run: {fault}");
    return 2;
}

using var end = new EndSignals();
try
{
    await using var deployment = new Deployment(options, new Board(), end);
    await deployment.Run();
    return 0;
}
catch (OperationCanceledException) when (end.Asked.IsCancellationRequested)
{
    return 0;
}
catch (SplitException refusal)
{
    await Console.Error.WriteLineAsync($"run: {refusal.Message}");
    return 1;
}
