import JSON
import Support

extension InteractionListing {
  /// One JSON object a line, each ended by a line feed, with everything that was recorded. For the keys see
  /// docs/reports.md; each of `parts` has the shape of `DecisionJSON`.
  package func jsonLines() -> String {
    var bytes: [UInt8] = []
    for interaction in interactions {
      bytes += Self.json(interaction).serializedBytes()
      bytes.append(UInt8(ascii: "\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func json(_ line: Interaction) -> JSONValue {
    [
      "id": .integer(line.id),
      "time": .time(line.at),
      "direction": .string(line.direction.rawValue),
      "agency": .string(line.agency),
      "conversation": [
        "channel": .string(line.conversation.channel),
        "room": .string(line.conversation.room),
        "thread": .text(line.conversation.thread),
      ],
      "message": .text(line.message),
      "author": .string(line.author),
      "text": .string(line.text),
      "decision": .text(line.decision?.rawValue),
      "matched": .array(line.matched.map { .string($0.description) }),
      "confidence": .share(line.confidence),
      "language": .text(line.language),
      "ticket": .whole(line.ticket),
      "result": .string(line.result.rawValue),
      "latency_ms": .rounded(line.latencyMilliseconds, places: 3),
      "workspace_version": .text(line.workspaceVersion),
      "parts": .array(
        line.parts.map { DecisionJSON(part: $0, language: line.language, ticket: line.ticket).value }),
    ]
  }
}
