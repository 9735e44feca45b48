package import CacheModel
import ValueDecoding

/// One part of a value as it was read: what is edited, added beside or removed on its own.
package enum ValuePart: Sendable, Hashable {
  /// All of a string.
  case string([UInt8])
  case field(HashField)
  /// A list's element by position and value together.
  case element(at: Int64, [UInt8])
  case member([UInt8])
  case scored(ScoredMember)

  /// The bytes that a person edits.
  package var bytes: [UInt8] {
    switch self {
    case .string(let bytes), .element(_, let bytes), .member(let bytes): bytes
    case .field(let field): field.value
    case .scored(let member): member.member
    }
  }

  /// The change that puts other bytes in their place, if they are as they were read.
  func change(to bytes: [UInt8]) -> KeyChange {
    switch self {
    case .string(let old): .setString(bytes, expected: old)
    case .field(let field): .setField(field.field, value: bytes, expected: field.value)
    case .element(let place, let old): .setElement(at: place, value: bytes, expected: old)
    case .member(let old): .replaceMember(old, with: bytes)
    case .scored(let old):
      .replaceScoredMember(old.member, with: bytes, expected: old.score)
    }
  }

  /// The change that takes the part away; a string goes with its key.
  var removal: KeyChange {
    switch self {
    case .string: .delete
    case .field(let field): .removeField(field.field, expected: field.value)
    case .element(let place, let bytes): .removeElement(at: place, expected: bytes)
    case .member(let member): .removeMember(member)
    case .scored(let member): .removeScoredMember(member.member, expected: member.score)
    }
  }

  /// `city`, `element 3`, `red`: what stands before “of app:user:7”, with what is secret in it masked;
  /// nil for a whole string.
  package var name: String? {
    switch self {
    case .string: nil
    case .field(let field): SpelledName.of(field.field, limit: 30)
    case .element(let place, _): "element \(place)"
    case .member(let member): SpelledName.of(SecretMask.masked(member), limit: 30)
    case .scored(let member): SpelledName.of(SecretMask.masked(member.member), limit: 30)
    }
  }

  /// `field`, `element`, `member`.
  package var noun: String {
    switch self {
    case .string: "value"
    case .field: "field"
    case .element: "element"
    case .member, .scored: "member"
    }
  }
}

extension PreviewState {
  /// The part under the cursor of the value, or the one that was opened; nil where there is none that
  /// could be changed.
  package var part: ValuePart? {
    if let opened { return opened.part.changeable }
    guard let page else { return nil }
    if case .string(let bytes) = page.content { return page.isComplete ? .string(bytes) : nil }
    return page.content.part(at: row)
  }
}

extension KeyChange {
  /// The same change without its condition on the old value; nil for a change that has none.
  var overwriting: KeyChange? {
    switch self {
    case .setString(let bytes, _): .setString(bytes, expected: nil)
    case .setField(let field, let value, _): .setField(field, value: value, expected: nil)
    case .removeField(let field, _): .removeField(field, expected: nil)
    case .setScore(let member, let score, _): .setScore(member, score: score, expected: nil)
    case .removeScoredMember(let member, _): .removeScoredMember(member, expected: nil)
    case .replaceScoredMember(let member, let new, _):
      .replaceScoredMember(member, with: new, expected: nil)
    // Another element may have moved to the position: that one is never meant.
    default: nil
    }
  }
}

/// A score as Redis writes it: an integer without a point, `inf` and `-inf`.
package enum ScoreText {
  package static func of(_ score: Double) -> String {
    if score.isInfinite { return score < 0 ? "-inf" : "inf" }
    if score.magnitude < 1e15, score == score.rounded() { return String(Int64(score)) }
    return "\(score)"
  }

  /// Nil for what is no score.
  package static func parse(_ text: String) -> Double? {
    guard let score = Double(text), !score.isNaN else { return nil }
    return score
  }
}
