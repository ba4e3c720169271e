package import Support

/// How a person sets up one kind of channel: what to click where, what to tell the program, and what to do then. The pages in
/// `docs/` say the same at more length.
package struct ChannelGuide: Sendable {
  package enum Part: Sendable {
    /// Something to do on the vendor's side. What stands between `**` is to be found there under that name.
    case step(String)
    /// Something to paste there, line for line.
    case paste(String)
    case question(Question)
    case secret(SecretQuestion)
  }

  /// Something to be told, which becomes one key of `greenroom.yml`.
  package struct Question: Sendable {
    package enum Form: Sendable, Hashable {
      case text
      case choice([String])
      /// Several, with commas or blanks between them.
      case words
      /// Ids of rooms, each perhaps with `=always`, `=addressed` or `=never` behind it.
      case rooms
    }

    package var key: String
    /// For a prompt; without a colon.
    package var text: String
    package var form: Form = .text
    /// A value as it may look.
    package var sample: String
    package var isRequired = false
    /// Taken where nothing is said; it is not written to `greenroom.yml`.
    package var usual: String?
  }

  /// What proves who the bot is.
  package struct SecretQuestion: Sendable {
    /// One way to prove it.
    package struct Way: Sendable {
      /// By which people choose it.
      package var name: String
      /// For a prompt.
      package var text: String
      /// The key of `greenroom.yml`, and the one below it where there is one; nil where nothing is to be proved.
      package var key: String?
      package var keyBelow: String?
      /// The environment variable that the docs name.
      package var variable: String
    }

    /// For `--set`, where there are several ways.
    package var key: String
    /// The first is the usual one.
    package var ways: [Way]
  }

  /// As behind `type:`.
  package var kind: String
  /// As people call it.
  package var title: String
  package var page: String
  package var parts: [Part]
  /// What is left to do when the channel stands in `greenroom.yml`.
  package var afterwards: [String]

  package static let all: [ChannelGuide] = [matrix, telegram, slack, lark, discord, webhook]

  package static func of(_ kind: String) -> ChannelGuide? { all.first { $0.kind == kind } }

  package var questions: [Question] {
    parts.compactMap { if case .question(let question) = $0 { question } else { nil } }
  }

  package var secret: SecretQuestion? {
    parts.lazy.compactMap { if case .secret(let question) = $0 { question } else { nil } }.first
  }
}

extension ChannelGuide.Question {
  /// An answer that cannot be one, whatever the server.
  package struct Problem: Error, Sendable, Hashable {
    package var description: String
  }

  /// - Returns: nil for an answer that says nothing.
  package func value(of answer: String) throws(Problem) -> ChannelDraft.Value? {
    let text = answer.trimmed
    guard !text.isEmpty else { return nil }
    switch form {
    case .text: return .text(text)
    case .choice(let choices):
      guard choices.contains(text.lowercased()) else {
        throw Problem(description: "It must be \(choices.joined(separator: " or ")).")
      }
      return .text(text.lowercased())
    case .words: return .words(Self.words(text))
    case .rooms:
      var rooms: [ChannelDraft.Room] = []
      for word in Self.words(text) {
        // No server's ids end in such a word.
        let answering = RoomSettings.Answering.allCases.first { word.hasSuffix("=\($0.rawValue)") }
        let id = answering.map { String(word.dropLast($0.rawValue.count + 1)) } ?? word
        guard !id.isEmpty else { throw Problem(description: "A room's id is missing before '\(word)'.") }
        rooms.append(ChannelDraft.Room(id: id, answering: answering))
      }
      return .rooms(rooms)
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
}

extension String {
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
