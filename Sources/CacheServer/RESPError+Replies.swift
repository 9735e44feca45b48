import RESP

/// The error replies of the engine, in the words of Redis 7.0, on which clients match.
extension RESPError {
  static let wrongType = RESPError(
    "WRONGTYPE Operation against a key holding the wrong kind of value")
  static let syntax = RESPError("ERR syntax error")
  static let notAnInteger = RESPError("ERR value is not an integer or out of range")
  static let notAFloat = RESPError("ERR value is not a valid float")
  static let notPositive = RESPError("ERR value is out of range, must be positive")
  static let noSuchIndex = RESPError("ERR index out of range")
  static let notAScoreBound = RESPError("ERR min or max is not a float")
  static let notAMemberBound = RESPError("ERR min or max not valid string range item")
  static let notAScore = RESPError("ERR resulting score is not a number (NaN)")
  static let noSuchKey = RESPError("ERR no such key")
  static let databaseOutOfRange = RESPError("ERR DB index is out of range")
  static let outOfMemory = RESPError(
    "OOM command not allowed when used memory > 'maxmemory'.")
  static let overflow = RESPError("ERR increment or decrement would overflow")
  static let notFinite = RESPError("ERR increment would produce NaN or Infinity")
  static let offsetOutOfRange = RESPError("ERR offset is out of range")
  static let tooLong = RESPError(
    "ERR string exceeds maximum allowed size (proto-max-bulk-len)")
  static let noAuthentication = RESPError("NOAUTH Authentication required.")
  static let wrongPassword = RESPError(
    "WRONGPASS invalid username-password pair or user is disabled.")
  static let wrongPayload = RESPError("ERR DUMP payload version or checksum are wrong")
  static let badFormat = RESPError("ERR Bad data format")

  static func wrongArgumentCount(_ name: String) -> RESPError {
    RESPError("ERR wrong number of arguments for '\(name)' command")
  }

  static func invalidExpire(_ name: String) -> RESPError {
    RESPError("ERR invalid expire time in '\(name)' command")
  }

  static func unknownSubcommand(_ word: String, of name: String) -> RESPError {
    RESPError("ERR unknown subcommand '\(word.prefix(128))'. Try \(name.uppercased()) HELP.")
  }

  /// Quotes at most 128 bytes of the name and of the arguments, as Redis does.
  static func unknownCommand(_ arguments: [[UInt8]]) -> RESPError {
    let name = String(decoding: (arguments.first ?? []).prefix(128), as: UTF8.self)
    var quoted = ""
    for argument in arguments.dropFirst() where quoted.utf8.count < 128 {
      let room = 128 - quoted.utf8.count
      quoted += "'\(String(decoding: argument.prefix(room), as: UTF8.self))' "
    }
    return RESPError("ERR unknown command '\(name)', with args beginning with: \(quoted)")
  }
}
