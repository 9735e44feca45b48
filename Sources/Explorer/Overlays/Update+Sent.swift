package import CacheModel

/// The writes that were sent, as far as the overlay shows them.
package struct SentState: Sendable, Equatable {
  /// Oldest first; nil until they have been told.
  package internal(set) var commands: [SentCommand]?
  var request: RequestID?
  var askedAt: Moment?

  /// Milliseconds between two looks.
  static let interval: Int64 = 500
}

/// The log of what was sent: an overlay that is kept true while it is open.
extension ExplorerState {
  mutating func openSent() -> [Effect] {
    show(Overlay(.sent(SentState())))
    return lookAtSent()
  }

  mutating func lookAtSent() -> [Effect] {
    guard let overlay, case .sent(var sent) = overlay.kind else { return [] }
    let elapsed = sent.askedAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= SentState.interval else { return [] }
    let request = newRequest()
    sent.request = request
    sent.askedAt = now
    self.overlay?.kind = .sent(sent)
    return [.sentCommands(request)]
  }

  mutating func take(sent commands: [SentCommand], of request: RequestID) {
    guard let overlay, case .sent(var sent) = overlay.kind, sent.request == request else { return }
    sent.commands = commands
    self.overlay?.kind = .sent(sent)
  }

  func sentRows(_ sent: SentState) -> [OverlayRow] {
    (sent.commands ?? []).reversed().map { command in
      var name = command.key.map { SpelledName.of($0) } ?? ""
      if command.key == nil, command.keyCount > 0 {
        name = "\(command.keyCount.counted("key")), no name is noted: journal off"
      } else if command.keyCount > 1 {
        name += " and \(command.keyCount - 1) more"
      }
      let size = command.size > 0 ? "\(command.size) B" : ""
      return OverlayRow(
        .text("\(clockText(command.at))  \(command.verb)"), name,
        command.wasHeldBack ? "not sent: the server was away" : size,
        tone: command.wasHeldBack ? .warning : .plain)
    }
  }
}
