using System.Reflection;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Gatehouse.Foundation.Http;

/// <summary>Answers a problem document: the second case of an endpoint's result union.</summary>
public sealed class ProblemResult(Problem problem) : IResult, IEndpointMetadataProvider
{
    public Problem Problem { get; } = problem;

    public Task ExecuteAsync(HttpContext httpContext) => ProblemDocument.Write(httpContext, Problem);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status400BadRequest, typeof(ProblemDetails), [ProblemDocument.ContentType]));
}

/// <summary>Carries a problem out of binding, where no result can be returned.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
