import CacheModel
import Plans

/// The TTL that a person types: what it means, as they type it, and what is sent.
extension ExplorerState {
  mutating func askForTTL(_ scope: ActionScope, proposing text: String = "") {
    openForm(
      .setTTL(scope), title: "Set the TTL of \(subject(scope))",
      notes: [outOfViewLine(scope)].compactMap { $0 } + [
        "from now: 90, 5m, 2h30m, 1d · longer: +10m · shorter: -5m",
        "at a time: @2026-12-01T10:00 · never: none · at once: now",
      ], fields: [.text("", text)])
  }

  mutating func submitTTL(_ text: String, _ scope: ActionScope) -> [Effect] {
    do {
      let input = try TTLInput.parse(text, localTime: civilTime)
      guard let key = scope.key else {
        openTTLPlan(input, text, scope)
        return []
      }
      if let percent = input.spreadPercent {
        prompt?.problem = "a spread is for many keys: mark them first, or leave ~\(percent)% away"
        return []
      }
      let title = "set the TTL of \(subject(scope)) to \(text)"
      if isOver(input.change) {
        askToExpire(key, since: input.change == .now ? nil : "That time has passed.")
      } else if let reason = endAtOnce(input.change, of: key) {
        askToExpire(key, by: .setTTL(input.change), title: title, since: reason)
      } else {
        return release(.change(.setTTL(input.change), key, title: title))
      }
      return []
    } catch {
      prompt?.problem = error.words
      return []
    }
  }

  private mutating func openTTLPlan(_ input: TTLInput, _ text: String, _ scope: ActionScope) {
    if isOver(input.change) { return open(.expireNow, over: scope) }
    let ending = input.change == .persist ? "" : " to \(text)"
    open(PlannedChange(input), over: scope, ending: ending)
  }

  /// Whether a TTL is none: `now`, or a time that has passed.
  private func isOver(_ ttl: TTLChange) -> Bool {
    switch ttl {
    case .now: true
    case .until(let time): time <= wallNow
    case .fromNow, .adjust, .persist: false
    }
  }

  /// Why a shorter TTL ends a key at once; nil when it does not. Where the TTL is not known yet it
  /// may.
  private func endAtOnce(_ ttl: TTLChange, of key: CacheKey) -> String? {
    guard case .adjust(let milliseconds) = ttl, milliseconds < 0,
      let slot = keys.index.slot(of: key)
    else { return nil }
    let figures = keys.index[figures: slot]
    if figures.expiry == .unknown { return "Its TTL is not known yet; less than that may be left." }
    guard let left = figures.ttl(at: now), left.milliseconds <= milliseconds.magnitude else {
      return nil
    }
    return "Less than that is left of its TTL."
  }

  /// `expires at 14:31:07`, or what is wrong with the text so far.
  func ttlNote(_ text: String, for scope: ActionScope?) -> FormNote? {
    guard !text.isEmpty else { return presentLife(of: scope).map { FormNote($0) } }
    do {
      return FormNote(ttlMeaning(try TTLInput.parse(text, localTime: civilTime), for: scope))
    } catch {
      return FormNote(error.words, isProblem: true)
    }
  }

  /// What is left of the life of a single key now.
  private func presentLife(of scope: ActionScope?) -> String? {
    guard let slot = scope?.key.flatMap(keys.index.slot(of:)) else {
      return nil
    }
    switch keys.index[figures: slot].expiry {
    case .unknown: return nil
    case .never: return "it never expires now"
    case .at(let deadline):
      let left = max(0, deadline.milliseconds(since: now))
      return "it expires now in \(Self.durationText(left)), at \(clockText(after: left))"
    }
  }

  private func ttlMeaning(_ input: TTLInput, for scope: ActionScope?) -> String {
    switch input.change {
    case .fromNow(let milliseconds):
      guard let percent = input.spreadPercent else {
        return "expires at \(clockText(after: milliseconds))"
      }
      let reach = Int64(Double(milliseconds) * Double(percent) / 100)
      return "each at its own time, from \(clockText(after: milliseconds - reach)) "
        + "to \(clockText(after: milliseconds + reach))"
    case .adjust(let milliseconds): return adjustMeaning(milliseconds, for: scope)
    case .until(let time):
      let left = time.milliseconds - wallNow.milliseconds
      if left <= 0 { return "that time is over: expires at once" }
      return "expires at \(clockText(time)), in \(Self.durationText(left))"
    case .persist: return "never expires"
    case .now: return "expires at once; its expired event fires"
    }
  }

  private func adjustMeaning(_ milliseconds: Int64, for scope: ActionScope?) -> String {
    guard let slot = scope?.key.flatMap(keys.index.slot(of:)) else {
      return "each lives \(Self.durationText(abs(milliseconds))) "
        + (milliseconds > 0 ? "longer" : "shorter") + "; keys without a TTL stay as they are"
    }
    guard let ttl = keys.index[figures: slot].ttl(at: now) else {
      return "without a TTL there is nothing to make longer or shorter"
    }
    let (left, overflow) = ttl.milliseconds.addingReportingOverflow(milliseconds)
    if overflow || left <= 0 { return "shorter than what is left: expires at once" }
    return "\(Self.durationText(ttl.milliseconds)) become \(Self.durationText(left)), "
      + "expires at \(clockText(after: left))"
  }
}
