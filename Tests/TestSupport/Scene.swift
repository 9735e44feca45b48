package import CacheModel
package import Explorer

/// An explorer under test: a state, a clock that the test moves, and the effects that came out.
/// The source is played by the test, reply by reply.
package struct Scene {
  package var state: ExplorerState
  package var now = Moment(milliseconds: 1_000_000)
  package var effects: [Effect] = []

  package init(access: Access = .readWrite) {
    state = ExplorerState(now: now, access: access, civilTime: { $0.utcMilliseconds })
    send(.opened(Self.source))
  }

  /// With these keys loaded, described and painted.
  package init(_ summaries: [KeySummary], access: Access = .readWrite) {
    self.init(access: access)
    load(summaries)
    paint()
  }

  package static let source = SourceDescription(
    product: "redis", version: "7.0.15", address: "redis://127.0.0.1:6379", database: 0,
    role: "primary",
    identity: SourceIdentity(serverID: "a", database: 0),
    capabilities: Set(Capability.allCases))

  package mutating func send(_ event: Event) {
    effects += update(&state, event, at: now)
  }

  package mutating func wait(_ milliseconds: Int64) {
    now = now.advanced(by: milliseconds)
    send(.tick)
  }

  /// What the painter would report of this state.
  package mutating func paint() {
    send(.tick)
    let top = state.keys.top
    let visible = state.keys.order.slots.dropFirst(top).prefix(20).map { state.keys.index.key($0) }
    send(
      .presented(
        Presentation(
          selectedKey: state.keys.cursorKey, prompt: state.prompt?.id, listHeight: 20,
          listTop: top, previewHeight: 10, visibleKeys: visible)))
  }

  /// Answers the walk and the questions about the keys that it found.
  package mutating func load(_ summaries: [KeySummary]) {
    send(.tick)
    guard let walk = lastWalk else { return }
    send(.scanned(walk, ScanPage(keys: summaries.map(\.key), next: nil)))
    answerDescriptions(summaries)
    send(.tick)
  }

  package mutating func answerDescriptions(_ summaries: [KeySummary]) {
    let known = Dictionary(summaries.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let open = effects
    effects.removeAll()
    for case .describe(let request, let keys, _) in open {
      send(.described(request, keys, keys.map { known[$0] }))
    }
    effects += open.filter { if case .describe = $0 { false } else { true } }
  }

  package var lastWalk: RequestID? {
    for case .scan(let request, _, _) in effects.reversed() { return request }
    return nil
  }

  package var lastChange: (request: RequestID, change: KeyChange, keys: [CacheKey])? {
    for case .change(let request, let change, let keys, _) in effects.reversed() {
      return (request, change, keys)
    }
    return nil
  }

  /// Confirms the open question as a person would: paint it, read it, press y.
  package mutating func confirm() {
    paint()
    wait(300)
    send(.answer("y"))
  }
}

/// The summary of a string.
package func string(_ name: String, ttl: Int64? = nil, bytes: Int64 = 64) -> KeySummary {
  KeySummary(
    key: CacheKey(name), kind: .string,
    lifetime: ttl.map { .remaining(TTL(milliseconds: $0)) } ?? .unlimited, bytes: ByteCount(bytes))
}
