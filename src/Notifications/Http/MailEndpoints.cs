using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Notifications.Http;

internal static class MailEndpoints
{
    // A preview is a page of its own: styles of the mail, and nothing else, may act in it.
    private const string PreviewPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; " +
        "form-action 'none'; sandbox";

    public static void MapMail(this IEndpointRouteBuilder endpoints)
    {
        var mail = endpoints.MapGroup("/admin/mail").WithTags("Operations")
            .RequireAuthorization(Permissions.OperationsView);
        mail.MapGet("", List).WithName("listMails")
            .WithMetadata(new QueryParameter(
                "state", "`queued`, `sent`, `bounced`, `failed` or `suppressed`; all unless given."))
            .WithSummary("Mails, newest first: whom they go to, and what became of them.");
        mail.MapPost("/{id}/resend", Resend).RequireAuthorization(Permissions.OperationsManage)
            .WithName("resendMail").WithSummary("Sends a mail once more.");
        mail.MapGet("/preview", Templates).WithName("listMailTemplates").WithSummary("The mails there are, by name.");
        mail.MapGet("/preview/{template}", Preview).WithName("previewMail")
            .Produces<string>(StatusCodes.Status200OK, "text/html", "text/plain")
            .WithMetadata(
                new QueryParameter("language", "Such as `en`; English where it is not translated."),
                new QueryParameter("part", "`html` (unless given) or `text`."))
            .WithSummary("A mail filled with sample data.");
    }

    private static async Task<Results<Ok<ListAnswer<MailView>>, ProblemResult>> List(
        PageQuery page, HttpContext context, IMails mails, CancellationToken cancellation)
    {
        var state = context.Request.Query["state"];
        var listed = await mails.List(page.Request, state.Count == 0 ? null : state.ToString(), cancellation);
        return listed.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<MailView>.From(listed.Value));
    }

    private static async Task<Results<Accepted<MailView>, ProblemResult>> Resend(
        RouteId id, IMails mails, CancellationToken cancellation)
    {
        var resent = await mails.Resend(id.Value, cancellation);
        return resent.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted((string?)null, resent.Value);
    }

    private static Ok<MailTemplatesView> Templates(IMails mails) => TypedResults.Ok(mails.Templates);

    private static Results<ContentHttpResult, ProblemResult> Preview(
        string template, HttpContext context, IMails mails)
    {
        var query = context.Request.Query;
        var part = query.ContainsKey("part") ? query["part"].ToString() : "html";
        if (part is not ("html" or "text"))
        {
            var faults = new Faults();
            faults.Add("part", "must be html or text");
            return new ProblemResult(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        var preview = mails.Preview(template, query["language"]);
        if (preview.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ContentSecurityPolicy = PreviewPolicy;
        return part == "html"
            ? TypedResults.Content(preview.Value.Html, "text/html; charset=utf-8")
            : TypedResults.Content(preview.Value.Text, "text/plain; charset=utf-8");
    }
}
