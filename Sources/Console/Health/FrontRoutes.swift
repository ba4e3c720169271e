import HTTPTypes
import Hummingbird

/// The front page, health, and what a browser asks for unasked.
struct FrontRoutes: Sendable {
  let pages: Pages
  let workspaceName: @Sendable () -> String
  let health: @Sendable () async -> HealthReport

  func add(to router: Router<ConsoleContext>) {
    router.get("/") { _, _ in
      Response.html(pages.landing(Pages.Landing(workspace: workspaceName())))
    }
    router.get("/health") { _, _ in
      let report = await health()
      return Response.json(report.json, status: report.isHealthy ? .ok : .serviceUnavailable)
    }
    router.get("/favicon.ico") { _, _ in
      Response.redirect(to: Asset.icon.path, type: .permanent)
    }
  }
}
