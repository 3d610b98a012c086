namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// Leave to use a dependency for a while. Each answer and failure is reported; without any it is given back unused.
/// The default reports to nobody.
/// </summary>
internal readonly struct DependencyPass(Dependency of, BreakerPass pass)
{
    public void Succeeded() => of?.Leave(pass, exception: null, CancellationToken.None);

    public void Failed(Exception exception, CancellationToken cancellation) => of?.Leave(pass, exception, cancellation);

    public void Abandoned() => of?.Abandon(pass);
}
