import CacheModel
import KeyPattern

/// One condition of a filter.
struct FilterTerm: Sendable, Hashable {
  enum Condition: Sendable, Hashable {
    case substring(Needle)
    case glob(GlobPattern)
    case kind(ValueKind)
  }

  var condition: Condition
  var isNegated: Bool

  /// Nil for a word that says nothing yet: a lone `!`.
  init?(_ word: FilterWord) throws(FilterProblem) {
    isNegated = word.isNegated
    guard !word.bytes.isEmpty else { return nil }
    if word.isQuoted {
      condition = .substring(Needle(word.bytes))
    } else if let name = word.text(after: "type:") {
      condition = .kind(try Self.kind(name))
    } else if word.bytes.contains(where: { "*?[".utf8.contains($0) }) {
      condition = .glob(GlobPattern(word.bytes))
    } else {
      condition = .substring(Needle(word.bytes))
    }
  }

  private static let kinds: [String: ValueKind] = [
    "string": .string, "str": .string, "hash": .hash, "list": .list, "set": .set,
    "zset": .sortedSet, "stream": .stream, "strm": .stream,
  ]

  private static func kind(_ name: String) throws(FilterProblem) -> ValueKind {
    guard let kind = kinds[name.lowercased()] else { throw .unknownType(name) }
    return kind
  }

  var needsKind: Bool {
    if case .kind = condition { true } else { false }
  }

  func matches(_ name: ArraySlice<UInt8>, _ kind: ValueKind?) -> Bool {
    switch condition {
    case .substring(let needle): (needle.range(in: name) == nil) == isNegated
    case .glob(let glob): glob.matches(Array(name)) != isNegated
    case .kind(let wanted): kind.map { ($0 == wanted) != isNegated } ?? false
    }
  }

  /// Whether what this term lets pass, the other does too.
  func implies(_ other: FilterTerm) -> Bool {
    if self == other { return true }
    guard !isNegated, !other.isNegated, case .substring(let long) = condition,
      case .substring(let short) = other.condition
    else { return false }
    return long.implies(short)
  }

  func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    guard case .substring(let needle) = condition, !isNegated else { return nil }
    return needle.range(in: name)
  }
}

/// Text that is looked for in names.
struct Needle: Sendable, Hashable {
  private let bytes: [UInt8]
  /// All letters are lower case: the case of the name does not matter.
  private let ignoresCase: Bool

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    ignoresCase = !String(decoding: bytes, as: UTF8.self).contains { $0.isUppercase }
  }

  func implies(_ short: Needle) -> Bool {
    guard !ignoresCase || short.ignoresCase else { return false }
    return short.range(in: bytes[...]) != nil
  }

  func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    guard let first = bytes.first, name.count >= bytes.count else { return nil }
    for start in name.startIndex...(name.endIndex - bytes.count)
    where folded(name[start]) == first && stands(in: name, at: start) {
      return start..<start + bytes.count
    }
    return nil
  }

  private func stands(in name: ArraySlice<UInt8>, at start: Int) -> Bool {
    for offset in bytes.indices where folded(name[start + offset]) != bytes[offset] {
      return false
    }
    return true
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }
}

/// Why a text is no filter.
enum FilterProblem: Error, Sendable, Hashable {
  case unknownType(String)

  var sentence: String {
    switch self {
    case .unknownType(let name):
      "type:\(name) is no type; use type: with string, hash, list, set, zset or stream"
    }
  }
}

/// A word of a filter's text, before its meaning.
struct FilterWord: Sendable, Hashable {
  var bytes: [UInt8] = []
  var isNegated = false
  /// Some of it stood in quotes: it means nothing but itself.
  var isQuoted = false

  func text(after head: String) -> String? {
    guard bytes.starts(with: head.utf8) else { return nil }
    return String(decoding: bytes.dropFirst(head.utf8.count), as: UTF8.self)
  }

  /// Cuts a text at the blanks outside of quotes. A quote that is not closed yet reaches to the end.
  static func split(_ text: String) -> [FilterWord] {
    var words: [FilterWord] = []
    var word: FilterWord?
    var isInQuotes = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        isInQuotes.toggle()
        word = word ?? FilterWord()
        word?.isQuoted = true
      case UInt8(ascii: " ") where !isInQuotes:
        if let word { words.append(word) }
        word = nil
      case UInt8(ascii: "!") where word == nil:
        word = FilterWord(isNegated: true)
      default:
        word = word ?? FilterWord()
        word?.bytes.append(byte)
      }
    }
    return words + [word].compactMap { $0 }
  }
}
