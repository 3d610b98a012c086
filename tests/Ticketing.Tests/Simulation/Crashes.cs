using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Gatehouse.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>The process ends in the middle of a transaction.</summary>
internal sealed class CrashException : Exception;

/// <summary>
/// Lets the process end at a chosen call to a repository in a transaction: before it, or when it was done.
/// </summary>
internal sealed class Crashes
{
    private int left;
    private bool afterwards;

    /// <summary>Of the calls to repositories within transactions, at which it ends; none where it is 0.</summary>
    public void Arm(int call, bool after) => (left, afterwards) = (call, after);

    public bool Disarm()
    {
        var happened = left < 0;
        left = 0;
        return happened;
    }

    /// <summary>Puts itself before every repository of the module.</summary>
    public void Surround(IServiceCollection services)
    {
        foreach (var real in services.Where(IsRepository).ToList())
        {
            services.AddSingleton(real.ServiceType, provider => DispatchProxyOf(
                real.ServiceType, ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)));
        }
    }

    private static bool IsRepository(ServiceDescriptor service) =>
        service is { IsKeyedService: false, ImplementationType: not null, ServiceType.IsInterface: true } &&
        service.ServiceType.Name.EndsWith("Repository", StringComparison.Ordinal);

    private object DispatchProxyOf(Type type, object real)
    {
        var proxy = DispatchProxy.Create(type, typeof(Step));
        ((Step)proxy).Set(this, real);
        return proxy;
    }

    private object? Call(MethodInfo method, object real, object?[]? args)
    {
        var isLast = args?.OfType<UnitOfWork>().Any() == true && left > 0 && --left == 0;
        if (isLast && !afterwards)
        {
            left = -1;
            throw new CrashException();
        }

        try
        {
            var answer = method.Invoke(real, args);
            if (!isLast)
            {
                return answer;
            }

            (answer as Task)?.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
        }

        left = -1;
        throw new CrashException();
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it at run time.")]
    internal class Step : DispatchProxy
    {
        private Crashes? crashes;
        private object? real;

        public void Set(Crashes of, object around) => (crashes, real) = (of, around);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            crashes!.Call(targetMethod!, real!, args);
    }
}
