namespace Gatehouse.Kernel;

/// <summary>
/// One kind of failure, the same wherever it happens: a stable name, the HTTP status it answers with, a title.
/// </summary>
/// <param name="Name">Stable, in snake_case; clients branch on it. Listed in docs/api.md.</param>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Title">A short sentence that does not change from one occurrence to the next.</param>
public sealed record ProblemCode(string Name, int Status, string Title);

/// <summary>The codes that belong to no module. Each module keeps its own beside its rules.</summary>
public static class ProblemCodes
{
    public static readonly ProblemCode MalformedRequest =
        new("malformed_request", 400, "The request could not be understood");
    public static readonly ProblemCode MalformedJson = new("malformed_json", 400, "The body is not valid JSON");
    public static readonly ProblemCode InvalidQuery = new("invalid_query", 400, "A query parameter is not valid");
    public static readonly ProblemCode InvalidHeader = new("invalid_header", 400, "A header is not valid");
    public static readonly ProblemCode Unauthenticated = new("unauthenticated", 401, "Sign in first");
    public static readonly ProblemCode InvalidToken = new("invalid_token", 401, "The access token is not valid");
    public static readonly ProblemCode Forbidden = new("forbidden", 403, "Your role does not allow this");
    public static readonly ProblemCode BadOrigin =
        new("bad_origin", 403, "Cookies count only from pages of this site");
    public static readonly ProblemCode NotFound = new("not_found", 404, "There is nothing here");
    public static readonly ProblemCode MethodNotAllowed =
        new("method_not_allowed", 405, "This method is not offered here");
    public static readonly ProblemCode Conflict = new("conflict", 409, "Another change came first");
    public static readonly ProblemCode WrongState = new("wrong_state", 409, "Its state does not allow this");
    public static readonly ProblemCode PreconditionFailed =
        new("precondition_failed", 412, "It has changed since you read it");
    public static readonly ProblemCode BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemCode UnsupportedMediaType = new("unsupported_media_type", 415, "Send JSON");
    public static readonly ProblemCode ValidationFailed = new("validation_failed", 422, "Some fields are not valid");
    public static readonly ProblemCode IdempotencyMismatch =
        new("idempotency_mismatch", 422, "This Idempotency-Key was used for another request");
    public static readonly ProblemCode PreconditionRequired =
        new("precondition_required", 428, "Say which version you mean to change");
    public static readonly ProblemCode RateLimited = new("rate_limited", 429, "Too many requests");
    public static readonly ProblemCode Internal = new("internal", 500, "Something went wrong on our side");
    public static readonly ProblemCode Busy = new("busy", 503, "Too much is waiting at the moment");
    public static readonly ProblemCode DatabaseUnavailable =
        new("database_unavailable", 503, "The database does not answer");
    public static readonly ProblemCode OutcomeUnknown =
        new("outcome_unknown", 503, "Whether it was done is not known");

    public static readonly ProblemCode Unavailable = new("unavailable", 503, "A service this needs does not answer");
    public static readonly ProblemCode DeadlineExceeded = new("deadline_exceeded", 504, "It took too long");
}
