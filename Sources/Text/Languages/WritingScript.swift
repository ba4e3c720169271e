/// The scripts that tell languages apart.
enum WritingScript: Int, Sendable, Hashable, CaseIterable {
  case latin, cyrillic, arabic, devanagari, thai, kana, han, hangul, greek, hebrew, lao, khmer, burmese, bengali, tamil,
    telugu, gujarati, gurmukhi, malayalam, kannada, sinhala, georgian, armenian, ethiopic

  /// Nil for what is in no script of its own, or in one that is not known here. By Unicode block.
  init?(_ scalar: Unicode.Scalar) {
    guard scalar.value >= 0x41, scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
    else { return nil }
    switch scalar.value {
    case 0x41...0x24F, 0x1E00...0x1EFF: self = .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
    case 0x400...0x52F: self = .cyrillic
    case 0x530...0x58F: self = .armenian
    case 0x590...0x5FF: self = .hebrew
    case 0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFF: self = .arabic
    case 0x900...0x97F: self = .devanagari
    case 0x980...0x9FF: self = .bengali
    case 0xA00...0xA7F: self = .gurmukhi
    case 0xA80...0xAFF: self = .gujarati
    case 0xB80...0xBFF: self = .tamil
    case 0xC00...0xC7F: self = .telugu
    case 0xC80...0xCFF: self = .kannada
    case 0xD00...0xD7F: self = .malayalam
    case 0xD80...0xDFF: self = .sinhala
    case 0xE00...0xE7F: self = .thai
    case 0xE80...0xEFF: self = .lao
    case 0x1000...0x109F: self = .burmese
    case 0x10A0...0x10FF: self = .georgian
    case 0x1200...0x139F: self = .ethiopic
    case 0x1780...0x17FF: self = .khmer
    case 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: self = .kana
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: self = .han
    case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7A3: self = .hangul
    default: return nil
    }
  }

  /// How many Latin letters one of its letters is worth when the parts of a mixed text are compared.
  var weight: Double {
    switch self {
    case .han: 3
    case .hangul: 2.5
    case .kana: 2
    default: 1
    }
  }

  /// The languages written in it that are told apart here, the commonest first; nil where CLD2 is asked.
  var languages: [String] {
    switch self {
    case .latin: []
    case .cyrillic: ["ru", "uk", "bg"]
    case .arabic: ["ar", "fa", "ur"]
    case .devanagari: ["hi", "mr", "ne"]
    case .thai: ["th"]
    case .kana: ["ja"]
    case .han: ["zh", "ja"]
    case .hangul: ["ko"]
    case .greek: ["el"]
    case .hebrew: ["he"]
    case .lao: ["lo"]
    case .khmer: ["km"]
    case .burmese: ["my"]
    case .bengali: ["bn"]
    case .tamil: ["ta"]
    case .telugu: ["te"]
    case .gujarati: ["gu"]
    case .gurmukhi: ["pa"]
    case .malayalam: ["ml"]
    case .kannada: ["kn"]
    case .sinhala: ["si"]
    case .georgian: ["ka"]
    case .armenian: ["hy"]
    case .ethiopic: ["am"]
    }
  }
}
