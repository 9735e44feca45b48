import CacheModel
import ValueDecoding

/// Copying to the terminal's clipboard. What was copied, and how much, is said when the terminal has
/// been told.
extension ExplorerState {
  /// Bytes that terminals take in one piece: 74,994 bytes of base64.
  static let copyBound = ValueBound(bytes: 56_244, elements: 500)

  mutating func copy(_ bytes: [UInt8], as subject: String) -> [Effect] {
    work.copying = Copying(subject: subject, count: bytes.count)
    return [.copy(bytes)]
  }

  mutating func copyNames() -> [Effect] {
    guard let targets = targets() else { return [] }
    let subject =
      targets.count == 1
      ? "the name of \(nameForMessage(targets[0]))" : "\(targets.count.grouped) names, one a line"
    let names = targets.map { masksSecrets ? SecretMask.maskedName($0.bytes) : $0.bytes }
    let isMasked = zip(names, targets).contains { $0 != $1.bytes }
    return copy(
      Array(names.joined(separator: [0x0A])),
      as: subject + (isMasked ? ", its secrets masked (m shows them)" : ""))
  }

  /// The value under the cursor: the element when the value has the focus, else all of it.
  mutating func copyValue() -> [Effect] {
    guard let key = targetUnderCursor() else { return [] }
    if focus == .value, preview.key == key, let part = preview.viewedPart, let name = part.name {
      return copyText(
        part.bytes, under: part.context ?? key.bytes, as: "\(name) of \(nameForMessage(key))")
    }
    let request = newRequest()
    work.copyRequest = CopyRequest(request: request, key: key)
    return [.read(request, key, Self.copyBound)]
  }

  mutating func copy(_ page: ValuePage?, of asked: CopyRequest) -> [Effect] {
    let name = nameForMessage(asked.key)
    guard let page else {
      say("\(name) has gone: nothing was copied", .warning)
      return []
    }
    guard case .string(let bytes) = page.content else {
      say("\(name) is a \(page.kind.redisName): tab to its elements, Y copies one", .warning)
      return []
    }
    guard page.isComplete else {
      say(
        "the value of \(name) has \(page.totalLength.grouped) bytes, a terminal takes "
          + "\(Self.copyBound.bytes): nothing was copied; cachescope get --raw writes it", .warning)
      return []
    }
    return copyText(bytes, under: asked.key.bytes, as: "the value of \(name)")
  }

  /// Text as it is but for its secrets; other bytes as hexadecimal digits, and that is said.
  private mutating func copyText(
    _ bytes: [UInt8], under name: [UInt8], as subject: String
  ) -> [Effect] {
    if masksSecrets, Self.holdsSecrets(bytes, under: name) {
      return copyMasked(bytes, under: name, as: subject)
    }
    if String(validating: bytes, as: UTF8.self) != nil { return copy(bytes, as: subject) }
    let digits = bytes.flatMap { byte in
      Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
    }
    return copy(digits, as: "\(subject), which is no text, as hexadecimal digits")
  }

  /// Only what can be read is copied without its secrets; bytes would be of no use to anybody.
  private mutating func copyMasked(
    _ bytes: [UInt8], under name: [UInt8], as subject: String
  ) -> [Effect] {
    let masked =
      ValueForm.of(bytes) == .json
      ? SecretMask.maskedJSON(bytes, named: name) : SecretMask.masked(bytes, named: name)
    guard String(validating: bytes, as: UTF8.self) != nil, masked != bytes else {
      say("there are secrets in \(subject): m shows them, then Y copies it", .warning)
      return []
    }
    return copy(masked, as: "\(subject), its secrets masked (m shows them)")
  }

  mutating func take(copied outcome: CopyOutcome) {
    guard let copying = work.copying else { return }
    work.copying = nil
    switch outcome {
    case .sent: say("copied \(copying.subject) · \(copying.count.grouped) bytes", .good)
    case .sentThrough(let condition):
      say("copied \(copying.subject) · \(copying.count.grouped) bytes, if \(condition)", .good)
    case .tooLarge(let limit):
      say(
        "\(copying.subject): \(copying.count.grouped) bytes, a terminal takes \(limit): nothing was copied",
        .warning)
    case .unavailable(let reason):
      say("not copied (\(reason)): \(copying.subject)", .warning)
    }
  }
}

/// Bytes on their way to the clipboard.
struct Copying: Sendable, Equatable {
  var subject: String
  var count: Int
}

/// A value that is being read to be copied.
struct CopyRequest: Sendable, Equatable {
  var request: RequestID
  var key: CacheKey
}
