import GRDB

/// Chat servers' own ids of replies, what can be pressed under them, edits of questions and of their answers, what people
/// think of answers, what people did about held replies, and turns for conversations that wait.
enum V3 {
  static func apply(_ db: Database) throws {
    try db.execute(sql: edits)
    try db.execute(sql: replies)
    try db.execute(sql: feedback)
    try db.execute(sql: turns)
    try db.execute(sql: offers)
    try db.execute(sql: held)
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

  private static let offers = """
    -- Titles to choose from, as a JSON array; NULL for none.
    ALTER TABLE outbox ADD COLUMN choices TEXT;
    ALTER TABLE outbox ADD COLUMN asks_helped INTEGER NOT NULL DEFAULT 0 CHECK (asks_helped IN (0, 1));
    """

  private static let held = """
    -- Which reply is held, and what became of it; once.
    ALTER TABLE set_aside ADD COLUMN outbox INTEGER REFERENCES outbox (id);
    ALTER TABLE set_aside ADD COLUMN outcome TEXT CHECK (outcome IN ('released', 'dropped', 'arrived'));
    ALTER TABLE set_aside ADD COLUMN outcome_by ANY;
    ALTER TABLE set_aside ADD COLUMN outcome_at INTEGER;
    CREATE INDEX set_aside_reply ON set_aside (outbox) WHERE outbox IS NOT NULL;
    CREATE INDEX set_aside_waiting ON set_aside (channel, outbox) WHERE kind = 'held' AND outcome IS NULL;
    -- Of what is held already, as far as its words and what it answers tell.
    UPDATE set_aside SET outbox = (
        SELECT o.id FROM outbox o JOIN conversation c ON c.id = o.conversation LEFT JOIN inbox i ON i.id = o.in_reply_to
        WHERE o.state = 'held' AND c.channel = set_aside.channel AND o.text = set_aside.text
          AND i.message_id IS set_aside.item_id
        ORDER BY o.id LIMIT 1)
      WHERE kind = 'held';
    INSERT INTO set_aside (kind, at, channel, item_id, reason, text, outbox)
      SELECT 'held', o.created_at, c.channel, i.message_id, ifnull(o.last_error, 'It could not be sent.'), o.text, o.id
      FROM outbox o JOIN conversation c ON c.id = o.conversation LEFT JOIN inbox i ON i.id = o.in_reply_to
      WHERE o.state = 'held' AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.outbox = o.id)
      ORDER BY o.id;
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
