import CacheEngine
import RESP
import SystemIO

/// Scores as Redis 7.0 writes them, and the ends of ranges.
enum Score {
  /// Seventeen digits at most, as Redis 7.0 prints a score: 0.1 is `0.10000000000000001`.
  static func text(_ value: Double) -> [UInt8] {
    if value.magnitude < 1e15, value == value.rounded() {
      return DecimalInteger.bytes(Int64(value))
    }
    if value.isInfinite { return Array((value < 0 ? "-inf" : "inf").utf8) }
    return DoubleText.seventeenDigits(value)
  }

  /// As a packed sorted set keeps a score: whole numbers with all their digits.
  static func packedText(_ value: Double) -> [UInt8] {
    guard value.magnitude < 0x1p62, value == value.rounded() else { return text(value) }
    return DecimalInteger.bytes(Int64(value))
  }

  /// An end of a range: a number, or `(` and a number that is left out of the range.
  static func bound(_ bytes: [UInt8]) throws(RESPError) -> ScoreBound {
    let isExclusive = bytes.first == UInt8(ascii: "(")
    let digits = Array(bytes.dropFirst(isExclusive ? 1 : 0))
    // Redis takes an empty text as 0, and one beyond a double's range as infinity.
    guard digits.count <= 256, digits.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let score = digits.isEmpty ? 0 : Double(String(decoding: digits, as: UTF8.self)),
      !score.isNaN
    else { throw .notAScoreBound }
    return ScoreBound(score, isExclusive: isExclusive)
  }

  /// `-`, `+`, or a member behind `[` or `(`.
  static func memberBound(_ bytes: [UInt8]) throws(RESPError) -> MemberBound {
    switch bytes.first {
    case UInt8(ascii: "-") where bytes.count == 1: return .least
    case UInt8(ascii: "+") where bytes.count == 1: return .greatest
    case UInt8(ascii: "["): return .member(Array(bytes.dropFirst()), isExclusive: false)
    case UInt8(ascii: "("): return .member(Array(bytes.dropFirst()), isExclusive: true)
    default: throw .notAMemberBound
    }
  }
}

extension CommandCall {
  /// A score as a reply: a double, or in version 2 its text.
  func reply(_ score: Double?) -> RESPValue {
    guard let score else { return .null }
    return session.version == .three ? .double(score) : .bulk(Score.text(score))
  }
}
