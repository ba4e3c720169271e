import Foundation
import Retrieval

/// One size: the same articles indexed on both sides, the same questions asked of both in turn.
struct RetrievalTrial {
  let articles: Int
  let questions: Int
  let rounds: Int
  let seed: UInt64
  let folder: URL
  let python: String?
  let script: String

  private let clock = ContinuousClock()

  init(
    articles: Int, questions: Int, rounds: Int, seed: UInt64, folder: URL, python: String?, script: String
  ) {
    self.articles = articles
    self.questions = questions
    self.rounds = rounds
    self.seed = seed
    self.folder = folder
    self.python = python
    self.script = script
  }

  func run() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = folder.appending(path: "articles.txt")
    note("\(articles): making articles up …")
    let asked = try write(to: text)
    note("\(articles): indexing …")
    let file = folder.appending(path: "articles.index")
    let start = clock.now
    try index(text, to: file)
    let buildTime = clock.now - start
    let peak = memory("VmHWM")
    let opening = clock.now
    let index = try InvertedIndex([Segment(MappedFile(file))])
    let openTime = clock.now - opening

    let peer = try python.map { try TantivyPeer(python: $0, script: script, articles: text, folder: folder) }
    if let peer { note("\(articles): tantivy is indexing …"); try peer.start() }
    var own: [Nanoseconds] = []
    var others: [Nanoseconds] = []
    var same = 0
    var shown = 0
    for round in 0...rounds {
      note("\(articles): round \(round) …")
      for question in asked {
        let terms = question.split(separator: " ").map { QueryTerm(key: Self.key(of: $0.utf8)) }
        let before = (clock.now, processorTime())
        let hits = index.top(10, of: terms)
        let taken = Nanoseconds(
          wall: (clock.now - before.0) / .nanoseconds(1), processor: processorTime() - before.1)
        let answer = try peer?.ask(question)
        guard round > 0 else {
          if let answer {
            let equal = Self.agree(hits, answer.hits)
            same += equal ? 1 : 0
            if !equal, shown < 3 {
              shown += 1
              note("differs: \(question)\n  \(hits.map { ($0.document, $0.score) })\n  \(answer.hits)")
            }
          }
          continue
        }
        own.append(taken)
        if let answer { others.append(answer.taken) }
      }
    }
    try report(
      own: own, others: others, same: same, asked: asked.count, buildTime: buildTime, openTime: openTime,
      peak: peak, size: index.size, peer: peer)
  }

  /// Of this thread, in nanoseconds.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  /// FNV-1a.
  static func key(of word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Writes the articles and gives the questions.
  private func write(to file: URL) throws -> [String] {
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
      throw BenchmarkError("\(file.path) cannot be written.")
    }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    var corpus = Corpus(seed: seed)
    let words = (0..<UInt32(Corpus.vocabulary)).map { Array(Corpus.spelling(of: $0).utf8) }
    // Articles that are asked about are spread over all.
    let step = max(1, articles / questions)
    var asked: [String] = []
    var buffer: [UInt8] = []
    for number in 0..<articles {
      let article = corpus.article()
      for word in article {
        buffer += words[Int(word)]
        buffer.append(0x20)
      }
      buffer[buffer.count - 1] = 0x0A
      if number % step == step / 2, asked.count < questions {
        let question = corpus.question(about: article)
        asked.append(question.map { Corpus.spelling(of: $0) }.joined(separator: " "))
      }
      if buffer.count > 1 << 20 || number == articles - 1 {
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    return asked
  }

  private func index(_ text: URL, to file: URL) throws {
    var parameters = IndexParameters()
    parameters.lengthPrecision = .oneByte
    var builder = try InvertedIndexBuilder(parameters)
    var number: UInt32 = 0
    var terms: [TermFrequency] = []
    guard let lines = fopen(text.path, "r") else { throw BenchmarkError("\(text.path) cannot be read.") }
    defer { fclose(lines) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let length = getline(&line, &capacity, lines), length > 0 {
      let bytes = UnsafeRawBufferPointer(start: line, count: length)
      terms.removeAll(keepingCapacity: true)
      for word in bytes.dropLast().split(separator: 0x20) { terms.append(TermFrequency(key: Self.key(of: word))) }
      try builder.add(number, terms: terms)
      number += 1
    }
    try AtomicFile.write(try builder.finish(), to: file)
  }

  /// The same documents in the same order with the same scores, but for documents of equal score.
  private static func agree(_ own: [IndexHit], _ other: [TantivyPeer.Hit]) -> Bool {
    guard own.count == other.count else { return false }
    func isClose(_ one: Float, _ two: Float) -> Bool { abs(one - two) <= 1e-5 * max(one, two) }
    guard zip(own, other).allSatisfy({ isClose(Float($0.score), $1.score) }) else { return false }
    // Documents of the lowest score may be others of that score.
    let lowest = Float(own.last?.score ?? 0)
    let ours = Set(own.filter { !isClose(Float($0.score), lowest) }.map(\.document))
    let theirs = Set(other.filter { !isClose($0.score, lowest) }.map(\.document))
    return ours == theirs
  }

  private func report(
    own: [Nanoseconds], others: [Nanoseconds], same: Int, asked: Int, buildTime: Duration, openTime: Duration,
    peak: Int, size: Int, peer: TantivyPeer?
  ) throws {
    let resident = memory("VmRSS")
    print("\n### \(articles) articles, \(asked) questions × \(rounds), one core\n")
    print("| what | greenroom | tantivy | ratio | |\n|---|---:|---:|---:|---|")
    func row(_ what: String, _ mine: Double, _ theirs: Double?, _ unit: String) {
      func text(_ value: Double) -> String { String(format: "%.3f", value) }
      let ratio = theirs.map { text(mine / $0) } ?? "–"
      print("| \(what) | \(text(mine)) | \(theirs.map(text) ?? "–") | \(ratio) | \(unit) |")
    }
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      for (clock, time) in [("", \Nanoseconds.wall), (", processor time", \.processor)] {
        let theirs = others.isEmpty ? nil : percentile(share, of: others.map { $0[keyPath: time] }) / 1e6
        row("question \(name)\(clock)", percentile(share, of: own.map { $0[keyPath: time] }) / 1e6, theirs, "ms")
      }
    }
    let about = peer?.about
    row("indexing", buildTime / .seconds(1), about?.seconds, "s")
    row("opening", openTime / .milliseconds(1), nil, "ms")
    row("index", Double(size) / 1e6, about.map { Double($0.size) / 1e6 }, "MB")
    row("memory while indexing, at most", Double(peak) / 1e3, about.map { Double($0.peak) / 1e3 }, "MB")
    row("memory after the questions", Double(resident) / 1e3, try peer.map { Double(try $0.finish()) / 1e3 }, "MB")
    if peer != nil {
      print("\nSame ten best, in the same order but for equal scores: \(same) of \(asked).")
      print("\(about?.version ?? "tantivy") in \(about?.segments ?? 0) segment(s).")
    }
  }
}
