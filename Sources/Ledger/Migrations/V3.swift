import GRDB

/// Chat servers' own ids of replies, edits of questions and of their answers, what people think of answers, and turns for
/// conversations that wait.
enum V3 {
  static func apply(_ db: Database) throws {
    try db.execute(sql: edits)
    try db.execute(sql: replies)
    try db.execute(sql: feedback)
    try db.execute(sql: turns)
  }

  private static let edits = """
    -- The message that this one is an edit of, where the ledger has it: the first, not another edit.
    ALTER TABLE inbox ADD COLUMN edit_of INTEGER REFERENCES inbox (id);
    CREATE INDEX inbox_edit ON inbox (edit_of) WHERE edit_of IS NOT NULL;
    -- The reply that is edited instead of a new one being written.
    ALTER TABLE outbox ADD COLUMN replaces INTEGER REFERENCES outbox (id);
    -- 1 while it may be on its way to a server that would show it twice.
    ALTER TABLE outbox ADD COLUMN in_flight INTEGER NOT NULL DEFAULT 0 CHECK (in_flight IN (0, 1));
    CREATE INDEX outbox_in_flight ON outbox (id) WHERE in_flight = 1;
    CREATE INDEX outbox_answer ON outbox (in_reply_to, id) WHERE in_reply_to IS NOT NULL;
    """

  private static let turns = """
    -- What waits, by conversation, so that each gets its turn; and by channel, so that none waits for another.
    CREATE INDEX inbox_waiting ON inbox (conversation, id) WHERE decided_at IS NULL;
    CREATE INDEX inbox_waiting_channel ON inbox (channel) WHERE decided_at IS NULL;
    DROP INDEX inbox_undecided;
    """

  private static let replies = """
    -- What the server calls the messages that say a reply. After an edit they say the newer one.
    CREATE TABLE reply_event (
      channel ANY NOT NULL,
      event_id ANY NOT NULL,
      outbox INTEGER NOT NULL REFERENCES outbox (id),
      position INTEGER NOT NULL,
      PRIMARY KEY (channel, event_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reply_event_outbox ON reply_event (outbox, position);
    """

  private static let feedback = """
    CREATE TABLE feedback (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      channel ANY NOT NULL,
      reaction_id ANY NOT NULL,
      -- The reply as it read when it was reacted to: with it stand the article and the version of the workspace.
      interaction INTEGER NOT NULL REFERENCES interaction (id),
      is_helpful INTEGER NOT NULL CHECK (is_helpful IN (0, 1)),
      sender_id ANY NOT NULL,
      sender_name ANY NOT NULL,
      at INTEGER NOT NULL,
      removed_at INTEGER,
      UNIQUE (channel, reaction_id)
    ) STRICT;
    CREATE INDEX feedback_interaction ON feedback (interaction);
    """
}
