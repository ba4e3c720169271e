import Foundation
import JSON
import Support

/// Channels and what they say of their credentials.
struct ChannelOutput {
  static func prose(_ channel: ChannelSettings, _ findings: [ChannelFinding]) -> String {
    let head = Terminal.styled(Terminal.harmless(channel.name), .bold) + " (\(channel.kind.name))"
    return ([head] + findings.map { TerminalPrompter.line($0) }).joined(separator: "\n")
  }

  static func json(_ all: [(channel: ChannelSettings, findings: [ChannelFinding])]) -> JSONValue {
    [
      "channels": .array(
        all.map { channel, findings in
          [
            "name": .string(channel.name), "type": .string(channel.kind.name),
            "status": .string(findings.allSatisfy(\.isGood) ? "ok" : "incomplete"),
            "findings": .array(findings.map { ["good": .bool($0.isGood), "text": .string($0.text)] }),
          ]
        })
    ]
  }

  static func table(_ channels: [ChannelSettings]) -> String {
    let rows = channels.map { channel in
      [
        Terminal.harmless(channel.name), channel.kind.name, Terminal.harmless(channel.kind.server),
        Terminal.harmless(channel.kind.secret ?? "none"), "\(channel.location)",
      ]
    }
    let head = ["name", "type", "server", "secret", "in"]
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return ([Terminal.styled(line(head), .bold)] + rows.map(line)).joined(separator: "\n")
  }

  static func json(_ channels: [ChannelSettings]) -> JSONValue {
    [
      "channels": .array(
        channels.map { channel in
          [
            "name": .string(channel.name), "type": .string(channel.kind.name), "server": .string(channel.kind.server),
            "secret": channel.kind.secret.map { .string($0) } ?? .null, "file": .string(channel.location.file),
            "line": .integer(channel.location.line),
          ]
        })
    ]
  }
}

extension ChannelSettings.Kind {
  /// As behind `type:`.
  var name: String {
    switch self {
    case .webhook: "webhook"
    case .matrix: "matrix"
    case .slack: "slack"
    case .lark: "lark"
    case .telegram: "telegram"
    case .discord: "discord"
    }
  }

  fileprivate var server: String {
    switch self {
    case .webhook(let settings): settings.url
    case .matrix(let settings): settings.homeserver
    case .slack(let settings): settings.api
    case .lark(let settings): settings.api
    case .telegram(let settings): settings.server
    case .discord(let settings): settings.server
    }
  }

  /// Where it is kept; never what it is.
  fileprivate var secret: String? {
    let source: SecretSource? =
      switch self {
      case .webhook(let settings):
        switch settings.authentication {
        case .none: nil
        case .bearer(let source), .hmac(let source): source
        }
      case .matrix(let settings):
        switch settings.authentication {
        case .password(let source), .accessToken(let source): source
        }
      case .slack(let settings): settings.token
      case .lark(let settings): settings.appSecret
      case .telegram(let settings): settings.token
      case .discord(let settings): settings.token
      }
    return source.map {
      switch $0 {
      case .environment(let name): "env \(name)"
      case .file(let path): "file \(path)"
      }
    }
  }
}
