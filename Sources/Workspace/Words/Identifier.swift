/// The forms of the names that authors give to things.
enum Identifier {
  /// Lower-case words joined by `-`; digits are allowed: `payout-late`.
  static func isIntent(_ id: String) -> Bool {
    id.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
      !word.isEmpty && word.allSatisfy { ($0.isLetter && !$0.isUppercase) || ($0.isASCII && $0.isNumber) }
    }
  }

  /// Segments of letters, digits, `-`, `_` and `.`, joined by `/`: `payouts/late-payout`.
  static func isArticle(_ id: String) -> Bool {
    id.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
      isName(segment) && segment != "." && segment != ".."
    }
  }

  /// Letters, digits, `-`, `_` and `.`: entities, slots, channels, queues.
  static func isName(_ name: some StringProtocol) -> Bool {
    !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
  }
}
