/// Who uses an engine, and what it holds.
package struct EngineUse: Sendable, Equatable {
  /// Connections of others than this explorer.
  package var otherClients: Int
  /// In all databases.
  package var keys: Int64

  package init(otherClients: Int, keys: Int64) {
    self.otherClients = otherClients
    self.keys = keys
  }

  /// Whether nobody would miss it.
  package var isUnused: Bool { otherClients == 0 && keys == 0 }
}

/// Leaving an engine that was started for this explorer.
///
/// One that is empty and that nobody else uses ends silently with the explorer. Otherwise the person
/// is asked; keeping it is what enter does, and what happens when the engine does not answer, when
/// the person leaves again instead of waiting for it, and whenever the explorer ends without being
/// asked to. An engine that was joined goes on without a question; whoever wants it to end says so by
/// name, and is asked.
extension ExplorerState {
  mutating func leaveEngine() -> [Effect] {
    guard source.isEngineStarted, work.leaving == nil else { return [.quit] }
    let request = newRequest()
    work.leaving = request
    return [.measureEngine(request)]
  }

  mutating func take(engineUse use: EngineUse?, of request: RequestID) -> [Effect] {
    if work.stopping == request { return askToStop(use) }
    guard work.leaving == request else { return [] }
    work.leaving = nil
    work.leavesAfterJob = false
    guard let use else { return [.quit] }
    if use.isUnused { return [.stopEngine, .quit] }
    if prompt == nil { openPrompt(.leave(use)) }
    return []
  }

  /// Why the engine cannot be ended from here; nil when it can.
  var reasonAgainstStopping: String? {
    guard source.isEngine else { return "this source is not the built-in engine" }
    guard access.allowsChanges else { return "read-only: ! asks to allow changes" }
    return !isChangeUnderWay ? nil : "a change is under way: ctrl-c cancels it"
  }

  /// Asks the engine first who would miss it.
  mutating func askToStopEngine() -> [Effect] {
    if let reason = reasonAgainstStopping {
      say("stop the engine: \(reason)", .warning)
      return []
    }
    let request = newRequest()
    work.stopping = request
    return [.measureEngine(request)]
  }

  private mutating func askToStop(_ use: EngineUse?) -> [Effect] {
    work.stopping = nil
    var lines: [String] = []
    if let use {
      lines.append(
        use.keys == 1
          ? "It holds 1 key, which is lost." : "It holds \(use.keys) keys: all are lost.")
      if use.otherClients > 0 {
        lines.append("Connections of others that end with it: \(use.otherClients).")
      }
    }
    ask(
      Confirmation(
        title: "Stop the engine and leave?", lines: lines + ["This cannot be undone."],
        held: .stopEngine, verb: "stop"))
    return []
  }

  /// `k` keeps the engine, `s` stops it. What was typed before the question could be read is none.
  mutating func answerLeaving(_ letter: Character) -> [Effect] {
    guard promptWasSeen else {
      if prompt?.paintedAt != nil { prompt?.paintedAt = now }
      return []
    }
    switch letter {
    case "k": return [.quit]
    case "s": return [.stopEngine, .quit]
    case "n": closePrompt()
    default: prompt?.paintedAt = now
    }
    return []
  }
}
