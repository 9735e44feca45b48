/// One value of the Redis serialization protocol, version 2 or 3.
///
/// The cases name what a peer can send; both versions share them, and RESP2's null bulk string and
/// null array both read as `null`. Bytes stay bytes: nothing here assumes that they are text.
/// Source: the protocol specification at redis.io/docs/latest/develop/reference/protocol-spec.
package enum RESPValue: Sendable, Equatable {
  /// `+OK`: a short status without line breaks.
  case simple([UInt8])
  /// `-ERR …` or a RESP3 bulk error: the server refused. An error reply is a value, not a failure
  /// of the channel.
  case error(RESPError)
  case integer(Int64)
  /// `$5`: any bytes.
  case bulk([UInt8])
  /// `*3`
  case array([RESPValue])
  /// `$-1`, `*-1` or `_`.
  case null
  /// `,3.25`, RESP3.
  case double(Double)
  /// `#t`, RESP3.
  case boolean(Bool)
  /// `(123…`: an integer of any size, as its digits; RESP3.
  case bigNumber([UInt8])
  /// `=15 txt:…`: text with a three-letter format; RESP3.
  case verbatim(format: [UInt8], text: [UInt8])
  /// `%2`: pairs in the order sent; RESP3.
  case map([RESPPair])
  /// `~3`, RESP3.
  case set([RESPValue])
  /// `>2`: out of band, never the answer to a command; RESP3.
  case push([RESPValue])
}

/// One key and value of a RESP3 map.
package struct RESPPair: Sendable, Equatable {
  package var key: RESPValue
  package var value: RESPValue

  package init(_ key: RESPValue, _ value: RESPValue) {
    self.key = key
    self.value = value
  }
}

/// An error reply, split at its first blank: `WRONGTYPE` and the words after it.
package struct RESPError: Sendable, Equatable, Error {
  /// The whole line as sent, without the leading `-`.
  package var message: [UInt8]

  package init(message: [UInt8]) {
    self.message = message
  }

  package init(_ message: String) {
    self.message = Array(message.utf8)
  }

  /// The first word (`ERR`, `WRONGTYPE`, `NOAUTH`, …), which clients match on.
  package var code: String {
    String(decoding: message.prefix { $0 != 0x20 }, as: UTF8.self)
  }

  /// The whole line as text; bytes that are not UTF-8 are repaired.
  package var text: String {
    String(decoding: message, as: UTF8.self)
  }
}

extension RESPValue {
  /// The bytes of a bulk, simple or verbatim string; nil for everything else.
  package var bytes: [UInt8]? {
    switch self {
    case .bulk(let bytes), .simple(let bytes), .verbatim(_, let bytes): bytes
    default: nil
    }
  }

  /// `bytes` as text, repaired where it is not UTF-8.
  package var text: String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// An integer, or a string that is one in full.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    case .bulk(let bytes), .simple(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
    default: nil
    }
  }

  /// The elements of an array, set or push; a map's keys and values in turn, as RESP2 sends them.
  package var elements: [RESPValue]? {
    switch self {
    case .array(let values), .set(let values), .push(let values): values
    case .map(let pairs): pairs.flatMap { [$0.key, $0.value] }
    default: nil
    }
  }

  /// The error, if the peer refused.
  package var error: RESPError? {
    if case .error(let error) = self { error } else { nil }
  }

  package var isNull: Bool {
    self == .null
  }

  package static func simple(_ text: String) -> RESPValue { .simple(Array(text.utf8)) }
  package static func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }
  package static func error(_ text: String) -> RESPValue { .error(RESPError(text)) }
  package static var ok: RESPValue { .simple("OK") }
}
