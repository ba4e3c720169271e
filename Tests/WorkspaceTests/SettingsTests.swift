import Foundation
import Support
import Testing
import Workspace

@Suite("Settings")
struct SettingsTests {
  private static func channel(_ rest: String) -> String {
    "channels:\n  - name: a\n    type: webhook\n    url: https://a.example/m\n    reply_url: https://a.example/r\n    \(rest)\n"
  }

  @Test func everyKeyIsRead() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "greenroom.yml": """
      name: Northlight
      language: en
      channels:
        - name: agencies
          type: webhook
          url: https://chat.example/api/messages
          reply_url: http://chat.example:8080/api/replies?v=2
          wait: 40
          ignore_senders: [bot-1, "7"]
          auth: {bearer: {env: GREENROOM_CHAT_TOKEN}}
          fields: {id: /data/msg_id, sender_id: /data/from/uid, messages: "", reply_text: /a~1b}
        - {name: other, type: webhook, url: "https://b.example", reply_url: "https://b.example", auth: {hmac: {file: secrets/k}}}
      chat: {enabled: no, host: 0.0.0.0, port: 0}
      store: {folder: /srv/data}
      matching:
        wrong_answers_at_most: 3%
        encoders:
          - use
          - service:
              url: https://models.example:8443/v1
              model: text-embed-3
              dimension: 768
              languages: [en, pt-BR]
              key: {env: GREENROOM_EMBEDDINGS_KEY}
          - service: {url: "http://127.0.0.1:1234/v1/", model: bge, key: {file: secrets/embeddings}}
      desk:
        time_zone: Europe/Berlin
        hours: {mon: "09:00-18:00", tue: 8:30-24:00, sat: closed}
        holidays: [2026-12-25]
        default_queue: general
        queues: [general, payouts]
      service_levels:
        urgent: {first_response: 30m, resolution: 8h, around_the_clock: false}
        low: {first_response: 2d, resolution: 10d}
      reports: {time_zone: Asia/Tokyo}
      """,
    ])
    let reading = fixture.read()
    #expect(reading.problems.isEmpty, "\(reading.problems.lines)")
    let settings = try #require(reading.content?.settings)
    #expect(settings.name == "Northlight" && settings.matching.wrongAnswersAtMost == 0.03)
    #expect(
      settings.matching.encoders == [
        .model(.use),
        .service(
          EmbeddingsServiceSettings(
            url: "https://models.example:8443/v1", model: "text-embed-3", dimension: 768, languages: ["en", "pt"],
            key: .environment("GREENROOM_EMBEDDINGS_KEY"))),
        .service(
          EmbeddingsServiceSettings(
            url: "http://127.0.0.1:1234/v1/", model: "bge", key: .file("secrets/embeddings"))),
      ])
    #expect(settings.chat == ChatSettings(enabled: false, host: "0.0.0.0", port: 0))
    #expect(settings.store.folder == "/srv/data" && settings.reports.timeZone == "Asia/Tokyo")
    #expect(settings.desk.calendar.timeZone == "Europe/Berlin" && settings.desk.queues == ["general", "payouts"])
    #expect(
      settings.desk.calendar.hours == [1: .init(opens: 540, closes: 1080), 2: .init(opens: 510, closes: 1440)])
    #expect(settings.desk.calendar.holidays == [CalendarDay(year: 2026, month: 12, day: 25)])
    let levels = settings.serviceLevels.levels
    #expect(levels[.urgent] == .init(firstResponseMinutes: 30, resolutionMinutes: 480, aroundTheClock: false))
    #expect(levels[.low] == .init(firstResponseMinutes: 2880, resolutionMinutes: 14400))
    #expect(levels[.high] == ServiceLevels.defaults[.high])
    var fields = WebhookSettings.FieldMap()
    fields.id = "/data/msg_id"
    fields.senderID = "/data/from/uid"
    fields.messages = ""
    fields.replyText = "/a~1b"
    #expect(
      settings.channels.map(\.kind) == [
        .webhook(
          WebhookSettings(
            url: "https://chat.example/api/messages", replyURL: "http://chat.example:8080/api/replies?v=2",
            authentication: .bearer(.environment("GREENROOM_CHAT_TOKEN")), waitSeconds: 40,
            ignoredSenders: ["bot-1", "7"], fields: fields)),
        .webhook(
          WebhookSettings(
            url: "https://b.example", replyURL: "https://b.example", authentication: .hmac(.file("secrets/k")))),
      ])
  }

  static let bad: [BadInput] = [
    BadInput("unknown key", "chanels: []\n", "error 1:1", says: "Did you mean 'channels'?"),
    BadInput("settings are a list", "- a\n", "error 1:1", says: "found a list"),
    BadInput("broken", "a: [\n", "error 2:1", says: "not valid YAML"),
    BadInput("channels are a map", "channels: {a: b}\n", "error 1:11", says: "must be a list"),
    BadInput(
      "channel without a name", "channels:\n  - {type: webhook, url: 'https://a.b', reply_url: 'https://a.b'}\n",
      "error 2:5", says: "'name' is missing"),
    BadInput(
      "channel without an address", "channels:\n  - {name: a, type: webhook, reply_url: 'https://a.b'}\n", "error 2:5",
      says: "'url' is missing"),
    BadInput(
      "channel without a type", "channels:\n  - {name: a, url: 'https://a.b', reply_url: 'https://a.b'}\n", "error 2:5",
      says: "'type' is missing"),
    BadInput(
      "channel of an unknown type",
      "channels:\n  - {name: a, type: skype, url: 'https://a.b', reply_url: 'https://a.b'}\n", "error 2:21",
      says: "must be webhook"),
    BadInput(
      "two channels of one name",
      channel("wait: 5") + "  - {name: a, type: webhook, url: 'https://a.b', reply_url: 'https://a.b'}\n", "error 7:12",
      says: "the first is at line 2"),
    BadInput(
      "address without a host",
      "channels:\n  - {name: a, type: webhook, url: 'https:///x', reply_url: 'https://a.b'}\n", "error 2:35",
      says: "https://"),
    BadInput(
      "address of a file",
      "channels:\n  - {name: a, type: webhook, url: 'file:///etc/passwd', reply_url: 'https://a.b'}\n", "error 2:35",
      says: "https://"),
    BadInput(
      "address with a password",
      "channels:\n  - {name: a, type: webhook, url: 'https://u:p@a.b', reply_url: 'https://a.b'}\n", "error 2:35",
      says: "user or password"),
    BadInput("wait too long", channel("wait: 3000"), "error 6:11", says: "from 0 to 300"),
    BadInput("wait below nothing", channel("wait: -1"), "error 6:11", says: "from 0 to 300"),
    BadInput(
      "a secret in the file", channel("auth: {bearer: hunter2hunter2}"), "error 6:20",
      says: "must not stand in this file"),
    BadInput(
      "a secret as a variable's name", channel("auth: {bearer: {env: hunter2-hunter2}}"), "error 6:26",
      says: "not its value"),
    BadInput(
      "auth of an unknown kind", channel("auth: {barer: {env: A}}"), "error 6:12", says: "Did you mean 'bearer'?"),
    BadInput("auth of two kinds", channel("auth: {bearer: {env: A}, hmac: {env: B}}"), "error 6:11", says: "not both"),
    BadInput("auth of no kind", channel("auth: {}"), "error 6:11", says: "needs 'bearer' or 'hmac'"),
    BadInput(
      "a secret from two places", channel("auth: {bearer: {env: A, file: b}}"), "error 6:29",
      says: "one of 'env' and 'file'"),
    BadInput(
      "a secret from an odd place", channel("auth: {bearer: {token: hunter2}}"), "error 6:21",
      says: "one of 'env' and 'file'"),
    BadInput("unknown field", channel("fields: {sender: /a}"), "error 6:14", says: "not known in the fields"),
    BadInput("field that is no pointer", channel("fields: {id: data.id}"), "error 6:18", says: "JSON pointer"),
    BadInput("field with a bad tilde", channel("fields: {id: /a~2}"), "error 6:18", says: "JSON pointer"),
    BadInput("port too high", "chat: {port: 70000}\n", "error 1:14", says: "from 0 to 65535"),
    BadInput("port in words", "chat: {port: http}\n", "error 1:14", says: "whole number"),
    BadInput("enabled in words", "chat: {enabled: sometimes}\n", "error 1:17", says: "true or false"),
    BadInput("host with a port and a path", "chat: {host: 'http://x/y'}\n", "error 1:14", says: "address to listen on"),
    BadInput("share over one", "matching: {wrong_answers_at_most: 5}\n", "error 1:35", says: "share from 0 to 1"),
    BadInput("share not a number", "matching: {wrong_answers_at_most: nan}\n", "error 1:35", says: "share from 0 to 1"),
    BadInput(
      "share over a hundred percent", "matching: {wrong_answers_at_most: 101%}\n", "error 1:35",
      says: "share from 0 to 1"),
    BadInput("share negative", "matching: {wrong_answers_at_most: -0.1}\n", "error 1:35", says: "share from 0 to 1"),
    BadInput(
      "encoder unknown", "matching: {encoders: [minlim]}\n", "error 1:23", says: "Did you mean 'minilm'?"),
    BadInput(
      "encoder unknown and like none", "matching:\n  encoders:\n    - word2vec\n", "error 3:7",
      says: "minilm, use or a service; found 'word2vec'"),
    BadInput("encoder in capitals", "matching: {encoders: [USE]}\n", "error 1:23", says: "Did you mean 'use'?"),
    BadInput("encoders are a word", "matching: {encoders: none}\n", "error 1:22", says: "or [] for none"),
    BadInput("encoders are a map", "matching: {encoders: {use: yes}}\n", "error 1:22", says: "must be a list"),
    BadInput("encoders left empty", "matching:\n  encoders:\n", "warning 2:3", says: "'encoders' is empty"),
    BadInput("encoder twice", "matching: {encoders: [use, minilm, use]}\n", "error 1:36", says: "listed twice"),
    BadInput("encoder that is a list", "matching: {encoders: [[use]]}\n", "error 1:23", says: "must be text"),
    BadInput("encoder that is nothing", "matching: {encoders: [~]}\n", "error 1:23", says: "is empty"),
    BadInput("service without anything", "matching: {encoders: [service]}\n", "error 1:23", says: "needs its address"),
    BadInput("service left empty", "matching: {encoders: [{service: }]}\n", "error 1:24", says: "'service' is missing"),
    BadInput(
      "encoder of an unknown kind", "matching: {encoders: [{servise: {url: 'https://a.b', model: m}}]}\n", "error 1:24",
      says: "Did you mean 'service'?"),
    BadInput(
      "service without an address", "matching: {encoders: [{service: {model: m}}]}\n", "error 1:33",
      says: "'url' is missing"),
    BadInput(
      "service without a model", "matching: {encoders: [{service: {url: 'https://a.b'}}]}\n", "error 1:33",
      says: "'model' is missing"),
    BadInput(
      "service at a file", "matching: {encoders: [{service: {url: 'file:///etc/passwd', model: m}}]}\n", "error 1:39",
      says: "https:// or http://"),
    BadInput(
      "service with a password in its address",
      "matching: {encoders: [{service: {url: 'https://u:hunter2@a.b', model: m}}]}\n",
      "error 1:39", says: "use 'key' with env or file"),
    BadInput(
      "service with a key in its address",
      "matching: {encoders: [{service: {url: 'https://a.b/v1?key=hunter2', model: m}}]}\n",
      "error 1:39", says: "a key is named in 'key'"),
    BadInput(
      "service with its key in the file",
      "matching: {encoders: [{service: {url: 'https://a.b', model: m, key: hunter2}}]}\n",
      "error 1:69", says: "must not stand in this file"),
    BadInput(
      "service with a value for a variable",
      "matching: {encoders: [{service: {url: 'https://a.b', model: m, key: {env: hunter2-x}}}]}\n", "error 1:75",
      says: "not its value"),
    BadInput(
      "service with no numbers", "matching: {encoders: [{service: {url: 'https://a.b', model: m, dimension: 0}}]}\n",
      "error 1:75", says: "from 1 to 16384"),
    BadInput(
      "service with a language that is none",
      "matching: {encoders: [{service: {url: 'https://a.b', model: m, languages: [english]}}]}\n", "error 1:76",
      says: "language tag"),
    BadInput(
      "service twice",
      "matching:\n  encoders:\n    - service: {url: 'https://a.b', model: m}\n    - service: {url: 'https://a.b', model: m, dimension: 3}\n",
      "error 4:7", says: "listed twice"),
    BadInput("zone unknown", "desk: {time_zone: Europe/Berlim}\n", "error 1:19", says: "Did you mean 'Europe/Berlin'?"),
    BadInput("zone of reports unknown", "reports: {time_zone: Mars}\n", "error 1:22", says: "IANA"),
    BadInput(
      "day of the week unknown", "desk: {hours: {monday: closed}}\n", "error 1:16",
      says: "not known in the hours of the week"),
    BadInput("hours in words", "desk: {hours: {mon: all day}}\n", "error 1:21", says: "opening hours"),
    BadInput("hours that are none", "desk: {hours: {mon: \"09:00-25:00\"}}\n", "error 1:21", says: "opening hours"),
    BadInput("minutes that are none", "desk: {hours: {mon: \"09:60-10:00\"}}\n", "error 1:21", says: "opening hours"),
    BadInput(
      "closes before it opens", "desk: {hours: {mon: \"18:00-09:00\"}}\n", "error 1:21", says: "must open before"),
    BadInput("opens as it closes", "desk: {hours: {mon: \"09:00-09:00\"}}\n", "error 1:21", says: "must open before"),
    BadInput("holiday that is no day", "desk: {holidays: [2026-13-01]}\n", "error 1:19", says: "holiday must be a day"),
    BadInput(
      "default queue not there", "desk: {default_queue: genral, queues: [general]}\n", "error 1:23",
      says: "Did you mean 'general'?"),
    BadInput(
      "queues without the default", "desk: {queues: [payouts]}\n", "error 1:8",
      says: "'general' is not among the queues"),
    BadInput("queue twice", "desk: {queues: [general, general]}\n", "error 1:26", says: "listed twice"),
    BadInput("level unknown", "service_levels: {hihg: {}}\n", "error 1:18", says: "Did you mean 'high'?"),
    BadInput(
      "length without a unit", "service_levels: {high: {first_response: 30}}\n", "error 1:41", says: "length of time"),
    BadInput(
      "length in seconds", "service_levels: {high: {first_response: 30s}}\n", "error 1:41", says: "length of time"),
    BadInput(
      "length of nothing", "service_levels: {high: {first_response: 0m}}\n", "error 1:41", says: "more than none"),
    BadInput(
      "length beyond counting", "service_levels: {high: {first_response: 99999999999999999999d}}\n", "error 1:41",
      says: "length of time"),
    BadInput(
      "resolved before replied to", "service_levels: {high: {first_response: 9h, resolution: 1h}}\n", "error 1:57",
      says: "before the first response"),
    BadInput("store without a folder", "store: {folder: ''}\n", "error 1:17", says: "is empty"),
    BadInput("name empty", "name:\n", "warning 1:1", says: "'name' is empty"),
    BadInput("language not one", "language: e\n", "error 1:11", says: "language tag"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }

  @Test(
    arguments: [
      ("", [.model(.minilm), .model(.use)]),
      ("matching: {wrong_answers_at_most: 1%}", [.model(.minilm), .model(.use)]),
      ("matching: {encoders: []}", []), ("matching: {encoders: [use, minilm]}", [.model(.use), .model(.minilm)]),
    ] as [(String, [EncoderSettings])]) func bothModelsAreUsedUnlessOthersAreNamedOrNone(
      text: String, encoders: [EncoderSettings]
    ) throws
  {
    let reading = try WorkspaceFixture(["greenroom.yml": text, "knowledge/a.md": WorkspaceFixture.article]).read()
    #expect(reading.content?.settings.matching.encoders == encoders)
  }

  @Test func anIntentMayOnlyEscalateToQueuesThatAreThere() throws {
    let reading = try WorkspaceFixture([
      "greenroom.yml": "desk: {queues: [general, payouts]}",
      "intents/a.yml":
        "intents: [{id: a, title: A, examples: [b], escalate: {queue: payout}}, {id: c, title: C, examples: [d], escalate: {}}]",
    ]).read()
    #expect(reading.problems.places == ["error intents/a.yml:1:62"])
    #expect(reading.problems[0].message.contains("Did you mean 'payouts'?"))
  }

  @Test func anotherSettingsFileMayTakeThePlace() throws {
    let fixture = try WorkspaceFixture([
      "greenroom.yml": "name: Own\n", "other.yml": "name: Other\n", "knowledge/a.md": WorkspaceFixture.article,
    ])
    let other = fixture.folder.appending(path: "other.yml")
    #expect(WorkspaceReader(folder: fixture.folder, settingsFile: other).read().content?.settings.name == "Other")
    let gone = fixture.folder.appending(path: "gone.yml")
    #expect(WorkspaceReader(folder: fixture.folder, settingsFile: gone).read().content == nil)
  }

  @Test func settingsUnderTheOtherEndingAreWarnedOf() throws {
    let reading = try WorkspaceFixture(["greenroom.yaml": "name: A\n", "knowledge/a.md": WorkspaceFixture.article])
      .read()
    #expect(reading.problems.places == ["warning greenroom.yaml:1:1"])
  }
}
