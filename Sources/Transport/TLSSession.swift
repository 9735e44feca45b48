import COpenSSL

/// The client's side of one encrypted connection: bytes in, bytes out, no socket and no clock.
///
/// Its owner gives it what has arrived (`receive`) and what is to be written (`send`), and sends what
/// `takeOutput` answers after each of them and after `begin`. Nothing that is to be written leaves
/// before both sides have agreed and the server has proved who it is: until then it waits here. What
/// belongs to the protocol itself (tickets, new keys, a request to agree anew, which is refused) is
/// answered inside and never seen. After `.ended` or `.failed` nothing more comes or goes.
///
/// With TLS 1.3 a server looks at the client's certificate only after the client considers the
/// agreement complete, so its refusal may come after `.secured`.
package final class TLSSession {
  package enum Event: Sendable, Equatable {
    /// Both sides have agreed; the version, such as `TLSv1.3`.
    case secured(version: String)
    /// At least one byte that the other side wrote.
    case received([UInt8])
    /// The other side said that nothing more comes.
    case ended
    case failed(TLSError)
  }

  private enum Phase {
    case agreeing, open, over
  }

  /// Whose files are read, and which name is asked for.
  private let context: TLSContext
  private let raw: OpaquePointer
  private var phase = Phase.agreeing
  /// Bytes that wait for the agreement.
  private var waiting: [UInt8] = []
  private var firstByte: UInt8?

  private static let roomSize = 16 << 10

  package init(_ context: TLSContext) throws(TLSError) {
    let name = Self.bare(context.settings.name)
    // A C string would end at a NUL, and be another name.
    guard !name.isEmpty, !name.utf8.contains(0),
      let raw = co_session_create(context.raw, name, context.settings.verifies ? 1 : 0)
    else { throw .wrongName(context.settings.name) }
    self.context = context
    self.raw = raw
  }

  deinit {
    co_session_free(raw)
  }

  /// Starts to agree; `takeOutput` has the first bytes then.
  package func begin() -> [Event] {
    phase == .agreeing ? agree() : []
  }

  /// Bytes that have arrived, in any portions.
  package func receive(_ bytes: [UInt8]) -> [Event] {
    guard phase != .over, !bytes.isEmpty else { return [] }
    // The first byte of a server's TLS is that of a handshake or of an alert.
    if firstByte == nil {
      firstByte = bytes.first
      if firstByte != 0x16, firstByte != 0x15 { return fail(.notTLS) }
    }
    let isPut = bytes.withUnsafeBytes { co_put(raw, $0.baseAddress, $0.count) != 0 }
    guard isPut else { return fail(.broken(words: "no memory")) }
    return phase == .agreeing ? agree() : read()
  }

  /// Encrypts bytes, or keeps them until both sides have agreed.
  package func send(_ bytes: [UInt8]) -> [Event] {
    switch phase {
    case .over: return []
    case .agreeing:
      waiting += bytes
      return []
    case .open:
      let result = bytes.withUnsafeBytes { co_write(raw, $0.baseAddress, $0.count) }
      return result == CO_DONE ? [] : fail(failure())
    }
  }

  /// What is to be sent to the other side now.
  package func takeOutput() -> [UInt8] {
    let count = co_waiting(raw)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { room, taken in
      taken = co_take(raw, room.baseAddress, room.count)
    }
  }

  /// Says to the other side that nothing more comes; `takeOutput` has the words.
  package func end() {
    if phase == .open { co_end(raw) }
    phase = .over
  }

  // MARK: Inside

  private func agree() -> [Event] {
    switch co_handshake(raw) {
    case CO_DONE:
      phase = .open
      let events = [Event.secured(version: String(cString: co_version(raw)))] + send(waiting)
      waiting = []
      return events + read()
    case CO_WAITS: return []
    default: return fail(failure())
    }
  }

  private func read() -> [Event] {
    var events: [Event] = []
    while phase == .open {
      var result = CO_DONE
      let bytes = [UInt8](unsafeUninitializedCapacity: Self.roomSize) { room, count in
        result = co_read(raw, room.baseAddress, room.count, &count)
      }
      switch result {
      case CO_DONE: events.append(.received(bytes))
      case CO_WAITS: return events
      case CO_ENDED:
        phase = .over
        events.append(.ended)
      default: events += fail(failure())
      }
    }
    return events
  }

  private func fail(_ error: TLSError) -> [Event] {
    phase = .over
    waiting = []
    return [.failed(error)]
  }

  /// Why the library gave up: the certificate before what the server said of it, and both before the
  /// library's own words.
  private func failure() -> TLSError {
    let doubt = context.settings.verifies ? co_certificate_doubt(raw) : CO_NO_DOUBT
    if doubt != CO_NO_DOUBT { return error(of: doubt) }
    let alert = co_alert(raw)
    if alert >= 0 { return TLSError(alert: Int(alert)) }
    let words = String(cString: co_words(raw))
    return words == "unsupported protocol" ? .noCommonVersion : .broken(words: words)
  }

  private func error(of doubt: co_doubt) -> TLSError {
    let date = String(cString: co_certificate_date(raw))
    switch doubt {
    case CO_EXPIRED: return .expired(on: date)
    case CO_NOT_YET_VALID: return .notYetValid(before: date)
    case CO_SELF_SIGNED: return .selfSigned
    case CO_UNKNOWN_AUTHORITY: return .unknownAuthority
    case CO_OTHER_NAME:
      let names = String(cString: co_certificate_names(raw))
      return .otherName(wanted: Self.bare(context.settings.name), names: names)
    default: return .notBelieved(words: String(cString: co_certificate_words(raw)))
    }
  }

  /// `fe80::1%eth0` and `cache.example.` as they stand in certificates.
  private static func bare(_ name: String) -> String {
    if name.contains(":") { return String(name.prefix { $0 != "%" }) }
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }
}

extension TLSError {
  /// What an alert of the server means. Source: RFC 8446, section 6.
  init(alert: Int) {
    self =
      switch alert {
      case 40: .agreementRefused
      case 42: .certificateRefused(words: "bad certificate")
      case 43: .certificateRefused(words: "unsupported certificate")
      case 44: .certificateRefused(words: "revoked")
      case 45: .certificateRefused(words: "expired")
      case 46: .certificateRefused(words: "unknown certificate")
      case 48: .certificateRefused(words: "unknown authority")
      case 49: .certificateRefused(words: "access denied")
      case 51: .certificateRefused(words: "decrypt error")
      case 70: .noCommonVersion
      case 112: .broken(words: "the server knows no such name")
      case 116: .certificateWanted
      default: .broken(words: "the server's alert \(alert)")
      }
  }
}
