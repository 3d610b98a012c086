using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>Answers a problem document: the second case of an endpoint's result union.</summary>
public sealed class ProblemResult(Problem problem) : IResult
{
    public Problem Problem { get; } = problem;

    public Task ExecuteAsync(HttpContext httpContext) => ProblemDocument.Write(httpContext, Problem);
}

/// <summary>Carries a problem out of binding, where no result can be returned.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
