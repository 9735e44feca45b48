/// The form inside of all layers, as far as it can be written.
enum WrittenForm: Sendable, Hashable {
  case text, integer, json, msgpack
  /// A pickle by its protocol; those without a mark count as 1.
  case pickle(UInt8)

  init(_ decoding: Decoding) throws(EditRefusal) {
    let name = decoding.codecs.last ?? ""
    switch ValueCodec.named(name) {
    case .text: self = .text
    case .integer: self = .integer
    case .json: self = .json
    case .msgpack: self = .msgpack
    case .pickle: self = .pickle(UInt8(name.dropFirst("pickle:".count)) ?? 1)
    default: throw .form(name)
    }
  }

  var isJSON: Bool {
    switch self {
    case .json, .msgpack, .pickle: true
    case .text, .integer: false
    }
  }

  var isBinary: Bool {
    switch self {
    case .msgpack, .pickle: true
    case .text, .integer, .json: false
    }
  }

  /// What a person edits: JSON that is JSON already stays as it is.
  func text(
    of decoding: Decoding, within budget: DecodingBudget
  ) throws(EditRefusal) -> [UInt8] {
    guard isBinary else { return decoding.innermost }
    guard let json = try? ValueRenderer.json(decoding.value, style: .exact, within: budget) else {
      throw .unread
    }
    // What cannot be written is refused before anybody edits it.
    _ = try encoded(json, within: budget)
    return json
  }

  func encoded(
    _ text: [UInt8], within budget: DecodingBudget
  ) throws(EditRefusal) -> [UInt8] {
    switch self {
    case .text:
      guard UTF8Check.isValid(text, text.indices, allowsSurrogates: false) else { throw .noText }
      return text
    case .integer:
      guard ValueForm.isInteger(text) else {
        throw .number(String(decoding: text.prefix(40), as: UTF8.self))
      }
      return text
    case .json:
      guard ValueForm.of(text) == .json || (try? JSONTreeReader.read(text, within: budget)) != nil
      else { throw .noJSON }
      return text
    case .msgpack: return try MessagePackWriter.bytes(of: try Self.tree(text, budget))
    case .pickle(let version):
      return try PickleWriter.bytes(of: try Self.tree(text, budget), protocol: version)
    }
  }

  /// The tree of a JSON text, with all of its levels.
  private static func tree(
    _ text: [UInt8], _ budget: DecodingBudget
  ) throws(EditRefusal) -> TaggedTree {
    var wide = budget
    wide.limits.depth = TaggedTree.depthLimit + 1
    wide.limits.nodes = 5_000_000
    guard let tree = (try? JSONTreeReader.read(text, within: wide)) ?? nil else { throw .noJSON }
    return TaggedTree(tree)
  }
}
