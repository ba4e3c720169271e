import Foundation
import Support
import Workspace

@testable import Matching

/// Workspaces that are made up of words, for tests of the ranking.
enum Desk {
  static let place = SourceLocation(file: "intents/desk.yml")

  /// Topics by id, each with some ways to ask, and a paragraph for an answer.
  static let subjects: [(id: String, title: String, ways: [String], body: String)] = [
    (
      "badge", "Lost badge",
      [
        "where do i get a new badge", "i lost my badge yesterday", "my badge was stolen", "can you replace a badge",
        "badge missing since monday",
      ], "Ask at the front desk. A replacement costs nothing the first time."
    ),
    (
      "parking", "Parking a car",
      [
        "where can i park my car", "is there parking for visitors", "how much is the garage", "parking at the studio",
        "can my guest leave the car in the garage",
      ], "The garage under the studio is open all day. Visitors park on level two."
    ),
    (
      "camera", "Renting a camera",
      [
        "how do i rent a camera", "can i borrow a camera lens", "camera rental price",
        "i need a second camera for a shoot",
        "reserve a camera for friday",
      ], "Reserve equipment three days ahead. Lenses are lent with a deposit of 100 dollars."
    ),
    (
      "music", "Licensed music",
      [
        "which music may i play", "is this song licensed", "can i use a famous song in my stream",
        "music rights for background tracks", "got muted because of a song",
      ], "Only songs from the library are licensed. Anything else may be muted by the platform."
    ),
    (
      "refund", "Refund for a ticket",
      [
        "i want my money back for the ticket", "how do refunds work", "refund for a cancelled show",
        "give me a refund please", "my ticket was never refunded",
      ], "Refunds are paid within five days to the card that was used."
    ),
    (
      "wifi", "Wireless network",
      [
        "what is the wifi password", "how do i get on the wireless network", "the wifi is slow",
        "internet does not work in room two", "guest wifi for my phone",
      ], "The password hangs on the wall in each room. It changes every month."
    ),
  ]

  static let outOfScope = ["tell me a joke", "what is the weather in rome", "who is the president", "sing for me"]

  /// Every second subject as an intent, the others as articles.
  static func content(
    _ count: Int = 6, outOfScope: [String] = outOfScope, bound: Double = 0.05, articles more: [Article] = [],
    ways: Int = 5
  ) -> WorkspaceContent {
    var settings = Settings()
    settings.matching.wrongAnswersAtMost = bound
    var content = WorkspaceContent(
      settings: settings, outOfScope: outOfScope.map { AuthoredLine($0, at: place) }, phrases: ShippedPhrases.all,
      version: "desk")
    for (number, subject) in subjects.prefix(count).enumerated() {
      let lines = subject.ways.prefix(ways)
      if number % 2 == 0 {
        content.intents.append(intent(subject.id, subject.title, Array(lines), answer: subject.body))
      } else {
        content.articles.append(article(subject.id, subject.title, Array(lines), subject.body))
      }
    }
    content.articles += more
    return content
  }

  static func intent(
    _ id: String, _ title: String, _ examples: [String], patterns: [String] = [], answer: String
  ) -> Intent {
    Intent(
      id: id, title: title, language: "en", examples: examples.map { Example($0, at: place) },
      patterns: patterns.map { AuthoredLine($0, at: place) }, action: .answer(answer), location: place)
  }

  static func article(
    _ id: String, _ title: String, _ questions: [String] = [], _ body: String, language: String = "en",
    regions: [String] = [], until: CalendarDay? = nil, audience: Article.Audience = .agency
  ) -> Article {
    let place = SourceLocation(file: "knowledge/\(id).md")
    return Article(
      id: id, title: title, questions: questions.map { AuthoredLine($0, at: place) }, language: language,
      regions: regions, validUntil: until, audience: audience, body: body, location: place)
  }

  /// Asked of the desk, with nothing in common with one another.
  static let questions = [
    "somebody stole my badge", "parking for my car", "how do i reserve a camera lens", "song muted", "money back",
    "wifi password for guests", "tell me another joke", "my oven is on fire", "hello", "", "badge parking wifi refund",
    "Where do I get a new badge? And how much is the garage?", "wfii pasword",
  ]

  static func decide(_ matcher: Matcher, _ text: String, language: String? = nil, region: String? = nil) -> Decision {
    matcher.decide(
      SampleProgramme.message(text, language: language, region: region), in: ConversationState(),
      at: SampleProgramme.now)
  }

  static func decisions(_ matcher: Matcher) -> [Decision] { questions.map { decide(matcher, $0) } }

  static var asker: Asker { Asker(language: "en", region: nil, day: CalendarDay(year: 2026, month: 11, day: 23)) }
}
