import CacheModel
import ValueDecoding

/// What is edited: a part of a value as its bytes, or what is inside of the layers around them.
package struct EditSubject: Sendable, Equatable {
  package let part: ValuePart
  /// Nil when the bytes themselves are edited.
  let inside: EditableValue?
  /// Why it is the bytes, where something is inside that cannot be edited.
  let refusal: EditRefusal?

  /// Values that are larger in their layers are edited as bytes.
  private static let wrappedBound = 1 << 20

  /// `asBytes`: the person has chosen to see the bytes, and edits them.
  init(_ part: ValuePart, asBytes: Bool) {
    self.part = part
    guard !asBytes, Self.maybeWrapped(part.bytes) else {
      (inside, refusal) = (nil, nil)
      return
    }
    do throws(EditRefusal) {
      let found = try EditableValue(part.bytes, within: Self.budget)
      (inside, refusal) = (found.isWrapped ? found : nil, nil)
    } catch {
      (inside, refusal) = (nil, error)
    }
  }

  /// Bounds that keep the work short: no clock, as the outcome is to depend on the bytes alone.
  static let budget: DecodingBudget = {
    var limits = DecodingLimits()
    limits.inflated = 4 << 20
    limits.memory = 64 << 20
    return DecodingBudget(limits: limits)
  }()

  private static func maybeWrapped(_ bytes: [UInt8]) -> Bool {
    bytes.count <= wrappedBound
      && (ValueDecoder.needsWhole(beginning: Array(bytes.prefix(512)))
        || ValueForm.of(bytes) == .binary || ValueForm.of(bytes) == .text)
  }

  /// What a person edits.
  var text: [UInt8] { inside?.text ?? part.bytes }

  /// The same over several lines, for an editor.
  var pages: [UInt8] { inside?.pages ?? part.bytes }

  var isJSON: Bool { inside?.isJSON ?? (ValueForm.of(part.bytes) == .json) }

  /// `zlib > pickle:4`: what it is taken out of and put back into.
  package var chain: String? { inside?.codecs.joined(separator: " > ") }

  /// The change that puts an edited text in its place; nil when it means what is there.
  func change(to text: [UInt8]) throws(EditRefusal) -> KeyChange? {
    guard let inside else { return text == part.bytes ? nil : part.change(to: text) }
    guard !inside.isSame(text) else { return nil }
    return part.change(to: try inside.encoded(text, within: Self.budget))
  }

  /// Whether a value that was JSON would no longer be; only bytes that are edited as they are may.
  func losesJSON(to text: [UInt8]) -> Bool {
    inside == nil && isJSON && ValueForm.of(text) != .json
  }
}
