package import JSON
package import Support

/// The one JSON shape of what was decided about a text: what `greenroom ask --json` prints, and each part of a line of
/// the log. The keys are an interface (docs/reports.md): they may be added to, never renamed.
package struct DecisionJSON: Sendable, Hashable {
  package let value: JSONValue

  /// A whole message.
  /// - Parameters:
  ///   - text: as the agency wrote it.
  ///   - ticket: the number of the ticket that the decision opened; nil while there is none.
  package init(text: String, decision: Decision, ticket: Int? = nil) {
    let parts = decision.parts
    value = Self.object(
      text: text, kind: decision.kind, reply: decision.reply, language: decision.language,
      confidence: decision.confidence, candidates: Self.merged(parts.map(\.candidates)), matched: decision.matched,
      effect: Self.foremost(decision.ticketEffects), ticket: ticket,
      parts: parts.count < 2
        ? [] : parts.map { DecisionJSON(part: $0, language: decision.language, ticket: ticket).value },
      explanation: decision.explanation)
  }

  /// One question of a message.
  /// - Parameters:
  ///   - language: of the reply, BCP 47.
  ///   - ticket: as above.
  package init(part: Decision.Part, language: String?, ticket: Int? = nil) {
    value = Self.object(
      text: part.text, kind: part.kind, reply: part.reply, language: language, confidence: part.confidence,
      candidates: part.candidates, matched: part.matched, effect: part.ticket, ticket: ticket, parts: [],
      explanation: part.explanation)
  }

  private static func object(
    text: String, kind: Decision.Kind, reply: Reply?, language: String?, confidence: Double, candidates: [Candidate],
    matched: CandidateID?, effect: TicketEffect?, ticket: Int?, parts: [JSONValue], explanation: [Evidence]
  ) -> JSONValue {
    [
      "text": .string(text),
      "decision": .string(kind.rawValue),
      "reply": .text(reply?.markdown(ticket: ticket)),
      "language": .text(language),
      "confidence": .share(confidence),
      "candidates": .array(candidates.map(Self.candidate)),
      "matched": .text(matched?.description),
      "ticket": effect.map { Self.ticket($0, number: ticket) } ?? .null,
      "parts": .array(parts),
      "explanation": .array(explanation.map(Self.evidence)),
    ]
  }

  private static func candidate(_ candidate: Candidate) -> JSONValue {
    [
      "id": .string(candidate.id.description),
      "confidence": .share(candidate.confidence),
      "title": .string(candidate.title),
    ]
  }

  private static func evidence(_ evidence: Evidence) -> JSONValue {
    [
      "kind": .string(evidence.kind.rawValue),
      "text": .string(evidence.text),
      "candidate": .text(evidence.candidate?.description),
      "source": .text(evidence.source),
      "score": evidence.score.map(JSONValue.share) ?? .null,
    ]
  }

  private static func ticket(_ effect: TicketEffect, number: Int?) -> JSONValue {
    let (action, draft, known): (String, TicketDraft?, Int?) =
      switch effect {
      case .open(let draft): ("open", draft, number)
      case .append(let ticket): ("append", nil, ticket)
      case .reopen(let ticket): ("reopen", nil, ticket)
      }
    let slots = (draft?.slots ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
    return [
      "action": .string(action),
      "number": known.map(JSONValue.integer) ?? .null,
      "queue": .text(draft?.queue),
      "priority": .text(draft?.priority.rawValue),
      "tags": .array((draft?.tags ?? []).map(JSONValue.string)),
      "slots": .object(JSONObject(slots)),
      "question": .text(draft?.question),
      "intent": .text(draft?.intent),
      "first_response_due": .time(draft?.firstResponseDue),
      "resolution_due": .time(draft?.resolutionDue),
    ]
  }

  /// A message opens at most one ticket; opening says more than adding to one.
  private static func foremost(_ effects: [TicketEffect]) -> TicketEffect? {
    effects.first { if case .open = $0 { true } else { false } } ?? effects.first
  }

  /// Of several parts: each candidate once, with the best confidence it had in any of them; the best first.
  private static func merged(_ lists: [[Candidate]]) -> [Candidate] {
    guard lists.count > 1 else { return lists.first ?? [] }
    var best: [CandidateID: Candidate] = [:]
    for candidate in lists.joined() where candidate.confidence > best[candidate.id]?.confidence ?? -1 {
      best[candidate.id] = candidate
    }
    return best.values.sorted {
      ($1.confidence, $0.id.description) < ($0.confidence, $1.id.description)
    }
  }
}

/// The JSON of a decision about `text`, with the number of its ticket not known.
package func decisionJSON(text: String, decision: Decision) -> JSONValue {
  DecisionJSON(text: text, decision: decision).value
}
