import CacheModel

extension KeyedChange {
  /// The keys that the change writes, the one that was named first.
  var touchedKeys: [CacheKey] {
    switch change {
    case .rename(let name, _): [key, name]
    case .copy(let name, _): [name]
    default: [key]
    }
  }

  /// What is kept before the change is sent: the states there are, and what it is meant to leave.
  /// Nil when one of the states is not told.
  func plannedRecord(over states: [CapturedState], _ origin: SourceIdentity) -> UndoRecord? {
    guard states.allSatisfy(\.isKept) else { return nil }
    let before = states.first?.state
    let transitions = zip(touchedKeys, states).enumerated().map { place, told in
      KeyTransition(key: told.0, before: told.1.state, after: left(of: place, before))
    }
    return transitions.first.map {
      UndoRecord($0, Array(transitions.dropFirst()), origin: origin)
    }
  }

  /// What the change leaves of the key at a place among those that it touches, as far as that is
  /// known without the source; `before` is the state of the first of them.
  private func left(of place: Int, _ before: StoredState?) -> LeftState {
    switch change {
    case .delete, .expireNow, .setTTL(.now): .absent
    case .setTTL(let ttl): left(with: ttl, of: before)
    case .rename: place == 0 ? .absent : LeftState(before.map { StateMark(of: $0) })
    default: .unknown
    }
  }

  private func left(with ttl: TTLChange, of before: StoredState?) -> LeftState {
    guard var state = before else { return .absent }
    switch ttl {
    case .persist: state.deadline = nil
    case .until(let time): state.deadline = time
    case .adjust(let milliseconds):
      state.deadline = state.deadline.map { $0.advanced(by: milliseconds) }
    case .fromNow, .now: return .unknown
    }
    return .marked(StateMark(of: state))
  }

  /// The same with the deadline that a TTL from now ends at, so that it is known what the change
  /// leaves before it is sent.
  func settled(at now: WallTime) -> KeyedChange {
    guard case .setTTL(.fromNow(let milliseconds)) = change, milliseconds > 0 else { return self }
    return KeyedChange(key: key, change: .setTTL(.until(now.advanced(by: milliseconds))))
  }

  var isFromNow: Bool {
    if case .setTTL(.fromNow) = change { true } else { false }
  }
}

extension CapturedState {
  /// The state that is kept; nil when there was no key.
  var state: StoredState? {
    if case .present(let state) = self { state } else { nil }
  }
}
