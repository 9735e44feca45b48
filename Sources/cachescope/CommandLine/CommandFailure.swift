import CacheModel
import ValueDecoding

/// Why a command failed: the kind says which exit status, the message is for a person.
struct CommandFailure: Error, Sendable, Equatable {
  enum Kind: String, Sendable, Hashable {
    case usage, connection, refused, server, conflict, io
    case notFound = "not_found"

    /// 1 failed, 2 wrong usage, 3 refused, 4 no usable connection.
    var exitStatus: Int32 {
      switch self {
      case .usage: 2
      case .refused: 3
      case .connection: 4
      case .notFound, .server, .conflict, .io: 1
      }
    }
  }

  var kind: Kind
  var message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// What a source answered, as what it means for a command.
  init(_ error: BackendError) {
    if case .loginRefused(let words) = error, words.contains("DB index") {
      self.init(.connection, "the server has no such database: \(words); -n gives another number")
      return
    }
    let kind: Kind =
      switch error {
      case .unreachable, .insecure, .loginRefused, .noPassword, .connectionLost, .timedOut,
        .malformedReply,
        .closed:
        .connection
      case .refused, .unsupported: .server
      case .readOnly: .refused
      }
    self.init(kind, error == .readOnly ? Self.readOnlyWords : error.sentence)
  }

  static let readOnly = CommandFailure(.refused, readOnlyWords)

  private static let readOnlyWords =
    "read-only, by --read-only or by the profile: nothing was sent"

  /// `{"error":{"kind":…,"message":…}}`
  var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("message")
    writer.string(message)
    writer.endObject()
    writer.endObject()
    return writer.text
  }
}
