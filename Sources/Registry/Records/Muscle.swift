/// The side of the body.
public enum BodySide: String, Sendable, Codable, CaseIterable {
  /// The subject's left.
  case left
  /// The subject's right.
  case right
  /// Neither: a muscle of the midline.
  case midline

  /// Reads `left`, `right`, `midline` and their first letters (also `R`/`Li`/`Re`), any case.
  public init?(reading text: String) {
    switch text.lowercased().filter({ !$0.isWhitespace }) {
    case "left", "l", "li", "links", "lt": self = .left
    case "right", "r", "re", "rechts", "rt": self = .right
    case "midline", "m", "median", "none": self = .midline
    default: return nil
    }
  }
}

/// Names of muscles, so that one muscle is not stored under two names.
public enum MuscleName {
  /// The usual abbreviations in electromyography and their full names.
  public static let abbreviations: [String: String] = [
    "apb": "abductor pollicis brevis", "adm": "abductor digiti minimi",
    "fdi": "first dorsal interosseous", "ta": "tibialis anterior", "ah": "abductor hallucis",
    "edb": "extensor digitorum brevis", "bb": "biceps brachii", "vl": "vastus lateralis",
    "vm": "vastus medialis", "rf": "rectus femoris", "gm": "gastrocnemius medialis",
    "gl": "gastrocnemius lateralis", "sol": "soleus", "fcr": "flexor carpi radialis",
    "fcu": "flexor carpi ulnaris", "ecr": "extensor carpi radialis", "edc": "extensor digitorum",
    "tb": "triceps brachii", "scm": "sternocleidomastoid", "fdb": "flexor digitorum brevis",
  ]

  /// The full name in lower case with single spaces; abbreviations are spelled out.
  public static func canonical(_ text: String) -> String {
    if isPlain(text) { return text.utf8.count > 3 ? text : abbreviations[text] ?? text }
    let words = text.lowercased().split { $0.isWhitespace || $0 == "_" }
    let joined = words.joined(separator: " ")
    return abbreviations[joined] ?? joined
  }

  /// Whether a text is ASCII in lower case with single spaces inside: most names, by the hundred
  /// thousand in imports, need no more than this look.
  private static func isPlain(_ text: String) -> Bool {
    var previous = UInt8(ascii: " ")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: " ") where previous != byte: break
      default: return false
      }
      previous = byte
    }
    return previous != UInt8(ascii: " ")
  }
}
