import HTTPTypes
import Hummingbird
import Logging
import Support

/// Around everything: turns errors into answers that a browser or a program can read, and sets the headers that keep a
/// page from being misused.
struct GuardedResponses: RouterMiddleware {
  let pages: Pages
  let workspaceName: @Sendable () -> String

  func handle(
    _ request: Request, context: ConsoleContext, next: (Request, ConsoleContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = answer(to: error, request: request, context: context)
    }
    for field in Self.headers { response.headers[field.name] = field.value }
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  private func answer(to error: any Error, request: Request, context: ConsoleContext) -> Response {
    let problem = problem(of: error, request: request, logger: context.logger)
    guard request.method == .get, request.headers[.accept]?.contains("text/html") == true else {
      return problem.response(from: request, context: context)
    }
    let page = Pages.Notice(
      workspace: workspaceName(), title: problem.status == .notFound ? "Nothing here" : "That did not work",
      detail: problem.detail)
    return .html(pages.notice(page), status: problem.status)
  }

  private func problem(of error: any Error, request: Request, logger: Logger) -> Problem {
    switch error {
    case let problem as Problem:
      return problem
    case let error as LedgerError where error.isRetriable:
      logger.warning("The ledger could not be used", metadata: ["error": "\(error)"])
      return Problem(
        .serviceUnavailable, "ledger-busy", "The message store is busy. Please try again in a moment.", retryAfter: 2)
    case let error as LedgerError:
      logger.error("The ledger could not be used", metadata: ["error": "\(error)"])
      return Problem(.internalServerError, "ledger-failed", "The message store cannot be used. Staff can see why.")
    case let error as any HTTPResponseError where error.status == .notFound:
      return Problem(.notFound, "not-found", "There is no page at this address.")
    case let error as any HTTPResponseError:
      return Problem(error.status, "refused", "The request could not be understood.")
    case is CancellationError:
      return Problem(.serviceUnavailable, "shutting-down", "The server is shutting down.", retryAfter: 2)
    default:
      // The type only: the error itself may quote what was sent.
      logger.error("A request failed", metadata: ["error": "\(type(of: error))", "method": "\(request.method)"])
      return Problem(.internalServerError, "failed", "Something went wrong here. Please try again.")
    }
  }

  /// Nothing from elsewhere, nothing inline, no framing by other sites.
  private static let headers: HTTPFields = {
    var fields: HTTPFields = [
      .contentSecurityPolicy:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
      .xContentTypeOptions: "nosniff",
    ]
    for (name, value) in [
      ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "SAMEORIGIN"),
      ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
      ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ] {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return fields
  }()
}
