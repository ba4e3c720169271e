import GRDB

/// What people found about decisions.
enum V2 {
  static func apply(_ db: Database) throws {
    try db.execute(sql: corrections)
  }

  private static let corrections = """
    CREATE TABLE correction (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      interaction INTEGER NOT NULL REFERENCES interaction (id),
      -- Which question of the message, from 0.
      part INTEGER NOT NULL CHECK (part >= 0),
      verdict TEXT NOT NULL CHECK (verdict IN ('right', 'should-have-been', 'nothing-answers')),
      -- The intent or article that would have been right.
      answer ANY,
      person ANY NOT NULL,
      at INTEGER NOT NULL,
      CHECK ((verdict = 'should-have-been') = (answer IS NOT NULL))
    ) STRICT;
    CREATE INDEX correction_question ON correction (interaction, part, id);
    CREATE TRIGGER correction_unchanged BEFORE UPDATE ON correction
      BEGIN SELECT RAISE(ABORT, 'corrections are only added to'); END;
    CREATE TRIGGER correction_stays BEFORE DELETE ON correction
      BEGIN SELECT RAISE(ABORT, 'corrections are only added to'); END;
    -- REPLACE deletes without asking the triggers for deletes.
    CREATE TRIGGER correction_new BEFORE INSERT ON correction
      WHEN EXISTS (SELECT 1 FROM correction WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'corrections are only added to'); END;
    """
}
