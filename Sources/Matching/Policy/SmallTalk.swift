/// Words that keep a conversation going and ask for nothing. A message of nothing else never opens or reopens a ticket.
enum SmallTalk: Sendable, Hashable {
  case greeting
  /// Thanks, agreement, goodbye: no answer is expected.
  case closing

  /// What a message is when it says nothing but small talk; nil when it says anything else.
  /// - Parameter words: of the normalised text.
  static func kind(of words: [String]) -> SmallTalk? {
    guard !words.isEmpty, words.count <= 10 else { return nil }
    var rest = words[...]
    var found: SmallTalk?
    while !rest.isEmpty {
      if let length = longestPrefix(of: rest, in: closings) {
        // "hi, thanks" wants no greeting back.
        found = .closing
        rest = rest.dropFirst(length)
      } else if let length = longestPrefix(of: rest, in: greetings) {
        found = found ?? .greeting
        rest = rest.dropFirst(length)
      } else if let word = rest.first, fillers.contains(word) {
        rest = rest.dropFirst()
      } else {
        return nil
      }
    }
    return found
  }

  private static func longestPrefix(of words: ArraySlice<String>, in phrases: Set<[String]>) -> Int? {
    (1...min(4, words.count)).reversed().first { phrases.contains(Array(words.prefix($0))) }
  }

  private static func phrases(_ text: String) -> Set<[String]> {
    Set(text.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
  }

  private static let greetings = phrases(
    """
    hi, hii, hiii, hello, helo, hey, heya, hiya, yo, howdy, good morning, good afternoon, good evening, good day, morning,
    evening, greetings, hola, buenos dias, buenas tardes, buenas, ola, olá, bom dia, boa tarde, halo, hai, selamat pagi,
    selamat siang, bonjour, salut, hallo, guten tag, guten morgen, merhaba, selam, xin chao, xin chào, ciao, salam, namaste,
    how are you, how are you doing, whats up, what's up, hows it going, how's it going, sup
    """)
  private static let closings = phrases(
    """
    thanks, thank you, thank u, thankyou, thx, thnx, tnx, ty, tysm, tks, cheers, much appreciated, appreciate it,
    i appreciate it, many thanks, got it, gotcha, ok, okay, okey, okk, k, kk, alright, all right, perfect, great, awesome,
    cool, nice, good, fine, super, amazing, wonderful, lovely, understood, noted, makes sense, that helps, that helped,
    this helps, that works, it works now, it works, solved, all good, no worries, no problem, bye, goodbye, bye bye, see you,
    see ya, cya, talk later, later, have a nice day, have a good day, have a great day, good night, take care, you too,
    lol, haha, hahaha, gracias, muchas gracias, obrigado, obrigada, valeu, terima kasih, makasih, trims, merci,
    merci beaucoup, danke, danke schön, vielen dank, teşekkürler, tesekkurler, sağol, cam on, cảm ơn, grazie, shukran,
    de nada, tchau, adios, adiós, youre welcome, you're welcome, welcome
    """)
  private static let fillers: Set<String> = [
    "so", "very", "much", "a", "lot", "again", "for", "the", "your", "help", "you", "all", "everyone", "team", "there",
    "guys", "bot", "greenroom", "dear", "sir", "madam", "and", "everybody", "folks", "then", "now", "that", "this",
    "is",
    "really", "friend", "mate", "bro", "sis", "to", "oh", "ah", "yes", "yep", "yeah", "👍", "🙏", "❤️", "😊", "😀",
  ]
}
