import CacheModel
import ValueDecoding

/// Secrets are masked wherever values and names are read: beside the list, in the list, in watches, on
/// the clipboard. One key shows them, for as long as the program runs or until it is pressed again.
extension ExplorerState {
  package var masksSecrets: Bool { preview.masksSecrets }

  mutating func toggleMasking() {
    preview.masksSecrets.toggle()
    preview.layOut()
    preview.move(to: preview.row)
    preview.lookAgain()
    guard masksSecrets else {
      return say("secrets are shown, and copied as they are: m masks them", .warning)
    }
    say("secrets are masked", .good)
  }

  /// A key's name as it is shown: with what is secret in it masked, and what cannot be seen spelled.
  package func shownName(of bytes: [UInt8], limit: Int) -> String {
    SpelledName.of(masksSecrets ? SecretMask.maskedName(bytes) : bytes, limit: limit)
  }

  /// A part of a name from a place on, with what is secret in it masked.
  package func shownBytes(of name: ArraySlice<UInt8>, from start: Int) -> ArraySlice<UInt8> {
    let rest = name.dropFirst(start)
    guard masksSecrets, (16...SecretScan.longestName).contains(name.count) else { return rest }
    let secrets = SecretScan.secrets(inName: Array(name)).filter { $0.range.upperBound > start }
    guard !secrets.isEmpty else { return rest }
    let moved = secrets.map { secret in
      FoundSecret(
        range: max(0, secret.range.lowerBound - start)..<secret.range.upperBound - start,
        kind: secret.kind)
    }
    return SecretMask.masked(Array(rest), moved)[...]
  }

  /// A field, an element or a member as it is shown in a row; `name` is the field, or else the key.
  package func shownRow(_ bytes: [UInt8], under name: [UInt8]?) -> [UInt8] {
    let beginning = bytes.count > 4096 ? Array(bytes.prefix(4096)) : bytes
    return masksSecrets ? SecretMask.masked(beginning, named: name) : beginning
  }

  /// Whether bytes hold a secret, or what is inside of their layers does.
  static func holdsSecrets(_ bytes: [UInt8], under name: [UInt8]?) -> Bool {
    if !SecretScan.secrets(in: bytes, named: name).isEmpty { return true }
    let decoder = ValueDecoder(EditSubject.budget)
    let decoding = decoder.decode(bytes)
    guard decoding.failure == nil else { return false }
    if decoding.codecs.count == 1, decoding.ends(in: .text) || decoding.ends(in: .json) {
      return false
    }
    let inside = decoding.text ?? decoder.exactJSON(of: decoding)
    return !SecretScan.secrets(in: inside, named: name).isEmpty
  }

  /// Whether a part must not come on the screen to be edited while secrets are masked; says so.
  mutating func isMasked(_ part: ValuePart, of key: CacheKey) -> Bool {
    guard masksSecrets, Self.holdsSecrets(part.bytes, under: part.context ?? key.bytes) else {
      return false
    }
    say("there is a secret in it, which editing would show: press m first, then again", .warning)
    return true
  }
}

extension ValuePart {
  /// The name that says what it is; nil where only the key does.
  var context: [UInt8]? {
    if case .field(let field) = self { field.field } else { nil }
  }
}

extension ValueContent {
  /// The secrets in the rows of a collection, as far as rows are looked at.
  func secrets(of key: CacheKey) -> [SecretKind] {
    func kinds(_ bytes: [UInt8], _ name: [UInt8]) -> [SecretKind] {
      SecretScan.secrets(in: Array(bytes.prefix(4096)), named: name).map(\.kind)
    }
    return switch self {
    case .hash(let fields): fields.flatMap { kinds($0.value, $0.field) }
    case .list(_, let elements), .set(let elements):
      elements.flatMap { kinds($0, key.bytes) }
    case .sortedSet(let members): members.flatMap { kinds($0.member, key.bytes) }
    case .stream(let entries, _):
      entries.flatMap { $0.fields.flatMap { kinds($0.value, $0.field) } }
    case .string, .unreadable: []
    }
  }
}
