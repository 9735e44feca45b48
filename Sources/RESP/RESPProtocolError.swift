/// Why a stream of bytes is not RESP, or is more of it than the bounds allow. After one of these
/// nothing in the stream can be trusted: the connection has to end.
package enum RESPProtocolError: Error, Sendable, Hashable {
  // In a reply
  case unknownType(UInt8)
  /// A number, boolean, length or verbatim string that is not one; the word names which.
  case malformed(String)
  /// A bulk string whose announced length is not followed by a line end.
  case missingLineEnd
  case nestedTooDeep(limit: Int)
  case bulkTooLong(limit: Int)
  case tooManyElements(limit: Int)
  case lineTooLong(limit: Int)
  case replyTooBig(limit: Int)
  /// RESP3 aggregates of unknown length (`$?`), which no server sends.
  case streamedAggregate

  // In a command, with the words that Redis uses
  case inlineTooBig
  case unbalancedQuotes
  case countLineTooBig
  case bulkLineTooBig
  case invalidMultibulkLength
  case invalidBulkLength
  case expectedBulk(got: UInt8)
  case unauthenticatedMultibulkLength
  case unauthenticatedBulkLength
  case commandTooBig(limit: Int)

  /// What is wrong, as Redis words it where Redis has words: `Protocol error: …`.
  package var message: String {
    "Protocol error: " + reason
  }

  private var reason: String {
    switch self {
    case .unknownType(let byte): "a reply begins with \(Self.quoted(byte))"
    case .malformed(let what): "invalid \(what)"
    case .missingLineEnd: "a bulk string is longer than its length"
    case .nestedTooDeep(let limit): "more than \(limit) aggregates inside each other"
    case .bulkTooLong(let limit): "a bulk string of more than \(limit) bytes"
    case .tooManyElements(let limit): "a reply of more than \(limit) elements"
    case .lineTooLong(let limit): "a line of more than \(limit) bytes"
    case .replyTooBig(let limit): "a reply of more than \(limit) bytes"
    case .streamedAggregate: "streamed aggregates are not supported"
    case .inlineTooBig: "too big inline request"
    case .unbalancedQuotes: "unbalanced quotes in request"
    case .countLineTooBig: "too big mbulk count string"
    case .bulkLineTooBig: "too big bulk count string"
    case .invalidMultibulkLength: "invalid multibulk length"
    case .invalidBulkLength: "invalid bulk length"
    case .expectedBulk(let byte): "expected '$', got \(Self.quoted(byte))"
    case .unauthenticatedMultibulkLength: "unauthenticated multibulk length"
    case .unauthenticatedBulkLength: "unauthenticated bulk length"
    case .commandTooBig(let limit): "a command of more than \(limit) bytes"
    }
  }

  /// Printable ASCII between quotes, everything else as a hexadecimal escape.
  private static func quoted(_ byte: UInt8) -> String {
    guard byte < 0x20 || byte > 0x7E else { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16)
    return "'\\x" + (byte < 16 ? "0" : "") + digits + "'"
  }
}
