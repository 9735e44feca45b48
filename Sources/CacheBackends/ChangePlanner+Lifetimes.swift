import CacheModel
import RESP

/// TTLs, and the end of a key.
extension ChangePlanner {
  /// Set when the key has a deadline that the server does not tell without TIME, so that what keeps
  /// or moves the deadline cannot be done.
  var unknownDeadline: BackendError? {
    guard state.hasDeadline, state.deadline == nil else { return nil }
    return .refused(verb: "TIME", message: traits.refusal(of: .time) ?? "no time told")
  }

  func setTTL(_ ttl: TTLChange) -> Decision {
    guard state.exists else { return .stop(.gone) }
    switch ttl {
    case .persist:
      return state.hasDeadline ? send([command("PERSIST")]) : .stop(.nothingToDo)
    case .adjust where state.deadline == nil:
      return unknownDeadline.map { .refuse($0) } ?? .stop(.nothingToDo)
    default:
      let end = end(ttl)
      if end == .never { return .stop(.nothingToDo) }
      return send(commands(for: end), leavesKey: end != .now)
    }
  }

  func delete() -> Decision {
    guard state.exists else { return .stop(.gone) }
    return send([deletion(of: key)], leavesKey: false)
  }

  func deletion(of key: CacheKey) -> RESPCommand {
    RESPCommand(traits.has(.unlink) ? "UNLINK" : "DEL", [key.bytes])
  }

  // MARK: Ends

  /// A negative time would delete the key without its `expired` event, so every end in the past is
  /// an expiry in one millisecond.
  private enum End: Equatable {
    case never, now
    case after(Int64)
    case at(Int64)
  }

  private func end(_ ttl: TTLChange) -> End {
    switch ttl {
    case .fromNow(let milliseconds): return milliseconds > 0 ? .after(milliseconds) : .now
    case .now: return .now
    case .persist: return .never
    case .until(let time): return at(time.milliseconds)
    case .adjust(let milliseconds):
      guard let deadline = state.deadline else { return .never }
      let (sum, overflow) = deadline.addingReportingOverflow(milliseconds)
      return at(overflow ? (milliseconds > 0 ? .max : 0) : sum)
    }
  }

  private func at(_ deadline: Int64) -> End {
    if let now = state.now, deadline <= now { return .now }
    return deadline > 0 ? .at(deadline) : .now
  }

  private func commands(for end: End) -> [RESPCommand] {
    switch end {
    case .never: []
    case .now: [command("PEXPIRE", bytes("1"))]
    case .after(let milliseconds): [command("PEXPIRE", bytes(String(milliseconds)))]
    case .at(let deadline): deadlineCommand(deadline)
    }
  }

  /// Commands that give a key that was made just before its lifetime.
  func lifetimeCommands(_ ttl: TTLChange?) -> [RESPCommand] {
    ttl.map { commands(for: end($0)) } ?? []
  }

  /// Options of SET, and a command after it, that give a value its lifetime.
  func lifetime(_ ttl: TTLChange?) -> (options: [[UInt8]], after: [RESPCommand]) {
    switch ttl.map(end) ?? .never {
    case .never: ([], [])
    case .now: (bytes("PX", "1"), [])
    case .after(let milliseconds): (bytes("PX", String(milliseconds)), [])
    case .at(let deadline): ([], deadlineCommand(deadline))
    }
  }

  /// Longer or shorter than nothing is nothing.
  func keepsTTL(_ ttl: TTLChange) -> Bool {
    if case .adjust = ttl { state.deadline == nil } else { false }
  }

  func deadlineCommand(_ deadline: Int64?) -> [RESPCommand] {
    deadline.map { [command("PEXPIREAT", bytes(String($0)))] } ?? []
  }
}
