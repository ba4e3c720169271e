import GRDB

/// The first tables. Columns declared ANY hold text of other people: TEXT, or a BLOB where it holds a NUL.
/// Times are milliseconds since 1970 UTC.
enum V1 {
  static func apply(_ db: Database) throws {
    try db.execute(sql: conversations)
    try db.execute(sql: tickets)
    try db.execute(sql: log)
    try db.execute(sql: outbox)
    try db.execute(sql: chat)
  }

  private static let conversations = """
    CREATE TABLE channel (
      name ANY PRIMARY KEY NOT NULL,
      cursor ANY
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE conversation (
      id INTEGER PRIMARY KEY,
      channel ANY NOT NULL,
      room ANY NOT NULL,
      thread ANY,
      -- JSON, and how often it has been changed: a decision holds only for the version it was made on.
      state TEXT NOT NULL,
      version INTEGER NOT NULL DEFAULT 0,
      agency ANY
    ) STRICT;
    CREATE UNIQUE INDEX conversation_place ON conversation (channel, room, ifnull(thread, x''));

    CREATE TABLE inbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      channel ANY NOT NULL,
      message_id ANY NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      message TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      decided_at INTEGER,
      UNIQUE (channel, message_id)
    ) STRICT;
    CREATE INDEX inbox_undecided ON inbox (id) WHERE decided_at IS NULL;
    CREATE INDEX inbox_conversation ON inbox (conversation, id);

    CREATE TABLE set_aside (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('unreadable', 'held')),
      at INTEGER NOT NULL,
      channel ANY NOT NULL,
      item_id ANY,
      reason ANY NOT NULL,
      text ANY NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX set_aside_id ON set_aside (channel, item_id)
      WHERE kind = 'unreadable' AND item_id IS NOT NULL;
    CREATE INDEX set_aside_text ON set_aside (channel, substr(text, 1, 200))
      WHERE kind = 'unreadable' AND item_id IS NULL;
    """

  private static let tickets = """
    CREATE TABLE ticket (
      number INTEGER PRIMARY KEY,
      agency ANY NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      requester_id ANY NOT NULL,
      requester_name ANY NOT NULL,
      draft TEXT NOT NULL,
      queue ANY NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('new', 'open', 'waiting-on-agency', 'on-hold', 'resolved', 'closed')),
      owner ANY,
      opened_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      first_response_at INTEGER,
      resolved_at INTEGER,
      due_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX ticket_conversation ON ticket (conversation);
    CREATE INDEX ticket_due ON ticket (state, due_at);
    CREATE TRIGGER ticket_stays BEFORE DELETE ON ticket
      BEGIN SELECT RAISE(ABORT, 'a ticket is never deleted'); END;
    CREATE TRIGGER ticket_new BEFORE INSERT ON ticket
      WHEN EXISTS (SELECT 1 FROM ticket WHERE number = NEW.number)
      BEGIN SELECT RAISE(ABORT, 'a ticket is never replaced'); END;

    CREATE TABLE ticket_event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      ticket INTEGER NOT NULL REFERENCES ticket (number),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      what TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ticket_event_ticket ON ticket_event (ticket, id);
    CREATE TRIGGER ticket_event_unchanged BEFORE UPDATE ON ticket_event
      BEGIN SELECT RAISE(ABORT, 'the history of a ticket is only added to'); END;
    CREATE TRIGGER ticket_event_stays BEFORE DELETE ON ticket_event
      BEGIN SELECT RAISE(ABORT, 'the history of a ticket is only added to'); END;
    -- REPLACE deletes without asking the triggers for deletes.
    CREATE TRIGGER ticket_event_new BEFORE INSERT ON ticket_event
      WHEN EXISTS (SELECT 1 FROM ticket_event WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'the history of a ticket is only added to'); END;
    """

  private static let log = """
    CREATE TABLE interaction (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
      at INTEGER NOT NULL,
      agency ANY NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      message ANY,
      author ANY NOT NULL,
      text ANY NOT NULL,
      decision TEXT,
      parts TEXT,
      language ANY,
      ticket INTEGER REFERENCES ticket (number),
      workspace_version ANY,
      latency_ms REAL,
      result TEXT NOT NULL CHECK (result IN ('decided', 'queued', 'sent', 'held'))
    ) STRICT;
    CREATE INDEX interaction_at ON interaction (at);
    CREATE INDEX interaction_agency ON interaction (agency, at);
    CREATE INDEX interaction_ticket ON interaction (ticket) WHERE ticket IS NOT NULL;

    CREATE TABLE interaction_match (
      candidate ANY NOT NULL,
      interaction INTEGER NOT NULL REFERENCES interaction (id),
      PRIMARY KEY (candidate, interaction)
    ) STRICT, WITHOUT ROWID;
    """

  private static let outbox = """
    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      in_reply_to INTEGER REFERENCES inbox (id),
      interaction INTEGER NOT NULL REFERENCES interaction (id),
      author ANY NOT NULL,
      text ANY NOT NULL,
      idempotency_key TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'held')),
      -- 1: the first of its conversation that is not sent yet, the only one that may be.
      head INTEGER NOT NULL CHECK (head = 0 OR (head = 1 AND state = 'queued')),
      attempts INTEGER NOT NULL DEFAULT 0,
      next_attempt_at INTEGER NOT NULL DEFAULT 0,
      last_error ANY,
      created_at INTEGER NOT NULL,
      sent_at INTEGER
    ) STRICT;
    -- Partial, so that what has been sent costs nothing, however much it is.
    CREATE INDEX outbox_head ON outbox (id, next_attempt_at, conversation) WHERE head = 1;
    CREATE UNIQUE INDEX outbox_one_head ON outbox (conversation) WHERE head = 1;
    CREATE INDEX outbox_retry ON outbox (next_attempt_at) WHERE head = 1 AND attempts > 0;
    CREATE INDEX outbox_queued ON outbox (conversation, id) WHERE state = 'queued';
    CREATE INDEX outbox_held ON outbox (id) WHERE state = 'held';
    """

  private static let chat = """
    CREATE TABLE chat_line (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      conversation ANY NOT NULL,
      author TEXT NOT NULL CHECK (author IN ('member', 'desk')),
      -- The page's own id of the line, or the idempotency key of the reply.
      key ANY NOT NULL,
      sender_id ANY,
      sender_name ANY NOT NULL,
      agency ANY,
      text ANY NOT NULL,
      at INTEGER NOT NULL,
      in_reply_to ANY,
      language ANY,
      region ANY
    ) STRICT;
    CREATE INDEX chat_line_conversation ON chat_line (conversation, id);
    CREATE INDEX chat_line_typed ON chat_line (id) WHERE author = 'member';
    CREATE UNIQUE INDEX chat_line_post ON chat_line (conversation, key) WHERE author = 'member';
    CREATE UNIQUE INDEX chat_line_reply ON chat_line (key) WHERE author = 'desk';
    """
}
