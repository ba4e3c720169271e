/// Where an embeddings service is, and how it is asked.
package struct EmbeddingsConfiguration: Sendable {
  /// A bearer key. It shows itself to nobody: not in a log line, an error or a debugger's dump.
  package struct Key: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { "‹key›" }
    package var debugDescription: String { "‹key›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// Up to and without `/embeddings`: `https://models.example.org/v1`.
  package var baseURL: String
  /// As the service calls it.
  package var model: String
  /// nil where the service asks for none.
  package var key: Key?
  /// Primary BCP 47 subtags of the languages the model was made for; empty where that is not known.
  package var languages: Set<String>
  /// At most so many texts in one request.
  package var batchSize: Int
  /// A longer text is cut to so many characters before it is sent.
  package var longestText: Int
  /// For one call of `encode`, with all its requests, pauses and repetitions.
  package var deadline: Duration
  /// How often a request that was turned away for the moment is repeated.
  package var repetitions: Int
  /// No pause before a repetition is longer, whatever the service asks for.
  package var longestPause: Duration

  package init(
    baseURL: String, model: String, key: Key? = nil, languages: Set<String> = [], batchSize: Int = 64,
    longestText: Int = 8000, deadline: Duration = .seconds(10), repetitions: Int = 2,
    longestPause: Duration = .seconds(2)
  ) {
    self.baseURL = baseURL
    self.model = model
    self.key = key
    self.languages = languages
    self.batchSize = max(batchSize, 1)
    self.longestText = max(longestText, 1)
    self.deadline = deadline
    self.repetitions = max(repetitions, 0)
    self.longestPause = longestPause
  }
}
