import Testing

/// The real program against real servers. One after the other: each test has processes of its own, and some hold the
/// program to a time.
@Suite(.serialized) enum EndToEnd {}
