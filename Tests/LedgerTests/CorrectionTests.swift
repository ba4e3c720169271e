import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct CorrectionTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  /// Message 1 asks one thing, message 3 two; 2 and 4 are the replies.
  init() async throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
    for (id, texts) in [("one", ["where is it"]), ("two", ["where is it", "who are you"])] {
      var asked = message(id)
      (asked.language, asked.region) = ("pt-BR", "BR")
      _ = try await ledger.take(asked)
      try await ledger.settle { _, state in
        var made = decision(reply: Reply("r"), state: state)
        made.parts = texts.map {
          Decision.Part(text: $0, kind: .answer, matched: .article("late"), confidence: 0.75)
        }
        return made
      }
    }
  }

  @Test func `a finding holds the question, who asked, what was done, and who found it`() async throws {
    let made = try await ledger.correct(
      1, part: nil, verdict: .shouldHaveBeen(.intent("dispute")), by: "Ámira\u{0}", at: minutes(9))
    let expected = Correction(
      interaction: 1, question: "where is it", language: "pt-BR", region: "BR", did: .answer, matched: .article("late"),
      confidence: 0.75, workspaceVersion: "w1", verdict: .shouldHaveBeen(.intent("dispute")), by: "Ámira\u{0}",
      at: minutes(9))
    #expect(made == expected)
    #expect(try await ledger.corrections() == [expected])
    #expect(made.rightAnswer == .intent("dispute"))
  }

  @Test func `of several findings on one question the last counts, each question for itself`() async throws {
    #expect(try await ledger.corrections().isEmpty)
    #expect(try await ledger.correctionCounter() == 0)
    try await ledger.correct(3, part: 0, verdict: .right, by: "a", at: minutes(1))
    try await ledger.correct(3, part: 1, verdict: .right, by: "a", at: minutes(2))
    try await ledger.correct(1, part: 0, verdict: .nothingAnswers, by: "a", at: minutes(3))
    try await ledger.correct(3, part: 0, verdict: .shouldHaveBeen(.article("x/y")), by: "b", at: minutes(0))
    let all = try await ledger.corrections()
    #expect(all.map(\.question) == ["who are you", "where is it", "where is it"])
    #expect(all.map(\.verdict) == [.right, .nothingAnswers, .shouldHaveBeen(.article("x/y"))])
    #expect(try await ledger.correctionCounter() == 4)
  }

  @Test(
    arguments: [
      (0, nil, .noSuchMessage), (99, nil, .noSuchMessage), (-1, 0, .noSuchMessage), (2, nil, .notDecided),
      (2, 0, .notDecided), (3, nil, .whichPart), (3, 2, .noSuchPart), (3, -1, .noSuchPart), (1, 1, .noSuchPart),
    ] as [(Int, Int?, CorrectionError.Code)])
  func `what cannot be corrected is refused with a reason, and nothing is written`(
    id: Int, part: Int?, code: CorrectionError.Code
  ) async throws {
    let error = await #expect(throws: CorrectionError.self) {
      try await ledger.correct(id, part: part, verdict: .right, by: "a", at: start)
    }
    #expect(error?.code == code && error?.description.contains("\(id)") == true)
    #expect(try await ledger.correctionCounter() == 0)
  }

  @Test(arguments: [
    "UPDATE correction SET verdict = 'right'", "DELETE FROM correction",
    "REPLACE INTO correction (id, interaction, part, verdict, person, at) VALUES (1, 1, 0, 'right', 'p', 0)",
    "INSERT INTO correction (interaction, part, verdict, person, at) VALUES (99, 0, 'right', 'p', 0)",
    "INSERT INTO correction (interaction, part, verdict, person, at) VALUES (1, -1, 'right', 'p', 0)",
    "INSERT INTO correction (interaction, part, verdict, person, at) VALUES (1, 0, 'wrong', 'p', 0)",
    "INSERT INTO correction (interaction, part, verdict, person, at) VALUES (1, 0, 'should-have-been', 'p', 0)",
    "INSERT INTO correction (interaction, part, verdict, answer, person, at) VALUES (1, 0, 'right', 'x', 'p', 0)",
  ]) func `a finding cannot be changed, taken back or made up`(sql: String) async throws {
    try await ledger.correct(1, part: nil, verdict: .nothingAnswers, by: "a", at: start)
    await #expect(throws: DatabaseError.self) {
      try await ledger.file.pool.write { db in
        try db.execute(sql: "PRAGMA foreign_keys = ON")
        try db.execute(sql: sql)
      }
    }
    #expect(try await ledger.corrections().map(\.verdict) == [.nothingAnswers])
  }

  @Test func `an answer of a form to come is passed over`() async throws {
    try await ledger.file.pool.write { db in
      try db.execute(
        sql: """
          INSERT INTO correction (interaction, part, verdict, answer, person, at)
          VALUES (1, 0, 'should-have-been', 'planet:mars', 'p', 0)
          """)
    }
    #expect(try await ledger.corrections().isEmpty)
  }

  @Test func `a ledger of the first version takes findings, and loses nothing`() async throws {
    let old = try TemporaryFolder()
    let log = try await ledger.interactions(InteractionFilter())
    try await ledger.file.pool.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [old.url.appending(path: "ledger.sqlite").path])
    }
    // As the first version left it: without what came later.
    let file = try DatabaseQueue(path: old.url.appending(path: "ledger.sqlite").path)
    try await file.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          DROP TABLE correction; DROP TABLE feedback; DROP TABLE reply_event; DROP INDEX inbox_edit;
          DROP INDEX outbox_in_flight; DROP INDEX outbox_answer;
          DROP INDEX inbox_waiting; DROP INDEX inbox_waiting_channel;
          CREATE INDEX inbox_undecided ON inbox (id) WHERE decided_at IS NULL; ALTER TABLE inbox DROP COLUMN edit_of;
          DROP INDEX set_aside_reply; DROP INDEX set_aside_waiting; ALTER TABLE set_aside DROP COLUMN outbox;
          ALTER TABLE set_aside DROP COLUMN outcome; ALTER TABLE set_aside DROP COLUMN outcome_by;
          ALTER TABLE set_aside DROP COLUMN outcome_at; ALTER TABLE outbox DROP COLUMN choices;
          ALTER TABLE outbox DROP COLUMN asks_helped;
          ALTER TABLE outbox DROP COLUMN in_flight; ALTER TABLE outbox DROP COLUMN replaces; PRAGMA user_version = 1
          """)
      let plain = try DatabaseQueue()
      try plain.inDatabase { try Schema.migrate($0, to: 1) }
      let names = "SELECT group_concat(name || coalesce(sql, ''), ';') FROM (SELECT * FROM sqlite_schema ORDER BY name)"
      #expect(try String.fetchOne(db, sql: names) == plain.inDatabase { try String.fetchOne($0, sql: names) })
    }
    try file.close()
    let opened = try SQLiteLedger(folder: old.url)
    #expect(try await opened.interactions(InteractionFilter()) == log)
    try await opened.correct(1, part: nil, verdict: .right, by: "a", at: start)
    #expect(try await opened.corrections().count == 1)
    try opened.close()
  }
}
