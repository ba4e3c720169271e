import ArgumentParser
import Foundation
import Support

/// A command could not be carried out. Its text says what failed, on what, and what to do.
struct Failure: Error, CustomStringConvertible {
  static let exitCode = ExitCode(2)

  var description: String

  init(_ description: String) { self.description = description }
}

extension AsyncParsableCommand {
  /// Runs `work`; what it throws is said on standard error, without Swift's own dressing, and ends with exit code 2.
  func reporting(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch let error as ExitCode {
      throw error
    } catch let error as CleanExit {
      throw error
    } catch let error as ValidationError {
      throw error
    } catch {
      Terminal.complain(Self.sentence(error))
      throw Failure.exitCode
    }
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as Failure: error.description
    case let error as LedgerError: error.description
    case let error as TicketActionError: error.description
    case let error as ChannelError: error.description
    case let error as any CustomStringConvertible: error.description
    default: error.localizedDescription
    }
  }
}
