package import Foundation
import GRDB
package import Support

extension SQLiteLedger: CorrectionBook {
  @discardableResult
  package func correct(
    _ interaction: Int, part: Int?, verdict: Correction.Verdict, by person: String, at now: Date
  ) async throws -> Correction {
    let result: Result<Correction, CorrectionError> = try await write("correct message \(interaction)") { db in
      guard let row = try db.first("\(CorrectedMessage.select()) WHERE i.id = ?", interaction) else {
        return .failure(
          CorrectionError(
            .noSuchMessage, "There is no message \(interaction) in the log; 'greenroom log' shows the ids."))
      }
      let message = try CorrectedMessage(row)
      let place: Int
      do throws(CorrectionError) {
        place = try message.place(of: part)
      } catch {
        return .failure(error)
      }
      let (word, answer) = verdict.stored
      try db.run(
        "INSERT INTO correction (interaction, part, verdict, answer, person, at) VALUES (?, ?, ?, ?, ?, ?)",
        interaction,
        place, word, answer?.stored, person.stored, now.milliseconds)
      guard let correction = message.correction(of: place, verdict: verdict, by: person, at: now) else {
        throw LedgerError(.failed, "Message \(interaction) lost its question \(place + 1) while it was corrected.")
      }
      return .success(correction)
    }
    return try result.get()
  }

  package func corrections() async throws -> [Correction] {
    try await read("read the corrections") { db in
      // The last of each question: its id is the highest.
      try db.all(
        """
        \(CorrectedMessage.select(", k.part, k.verdict, k.answer, k.person, k.at"))
        JOIN correction k ON k.interaction = i.id
        WHERE k.id IN (SELECT max(id) FROM correction GROUP BY interaction, part) ORDER BY k.id
        """
      ).compactMap { row in
        let columns = CorrectedMessage.columnCount
        let verdict = Correction.Verdict(try row.text(columns + 1), answer: try row.optionalText(columns + 2))
        // Words of a version to come say nothing here.
        guard let verdict else { return nil }
        return try CorrectedMessage(row).correction(
          of: try row.integer(columns), verdict: verdict, by: try row.text(columns + 3), at: try row.date(columns + 4))
      }
    }
  }

  package func correctionCounter() async throws -> Int {
    try await read("count the corrections") { db in
      try db.first("SELECT ifnull(max(id), 0) FROM correction")?.integer(0) ?? 0
    }
  }
}
