package import CacheModel
package import Explorer
import Plans
import ValueDecoding

/// An explorer under test: a state, a clock that the test moves, and the effects that came out.
/// The source is played by the test, reply by reply.
package struct Scene {
  package var state: ExplorerState
  package var now = Moment(milliseconds: 1_000_000)
  package var effects: [Effect] = []
  /// What the journal holds, newest first; `tellJournal` tells the explorer.
  package var journal: [JournalEntry] = []

  /// Keys are listed flat unless told otherwise.
  package init(access: Access = .readWrite, asTree: Bool = false) {
    state = ExplorerState(now: now, access: access, civilTime: { $0.utcMilliseconds })
    state.keys.list(asTree: asTree)
    send(.opened(Self.source))
  }

  /// With these keys loaded, described and painted.
  package init(
    _ summaries: [KeySummary], access: Access = .readWrite, asTree: Bool = false
  ) {
    self.init(access: access, asTree: asTree)
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
    makeReadable()
  }

  /// Bytes are made readable at once.
  private mutating func makeReadable() {
    let tasks = effects.compactMap { effect in
      if case .makeReadable(let request, let task) = effect { (request, task) } else { nil }
    }
    guard !tasks.isEmpty else { return }
    effects.removeAll { if case .makeReadable = $0 { true } else { false } }
    for (request, task) in tasks {
      send(.madeReadable(request, ValueReading(task, within: DecodingBudget())))
    }
  }

  package mutating func wait(_ milliseconds: Int64) {
    now = now.advanced(by: milliseconds)
    send(.tick)
  }

  /// What the painter would report of this state.
  package mutating func paint() {
    send(.tick)
    let top = state.keys.top
    var presentation = Presentation(
      prompt: state.prompt?.id, listHeight: 20, listTop: top, previewHeight: 10)
    presentation.selected = state.keys.selectedRow
    if state.isPlanOpen { presentation.plan = state.work.plan?.view }
    presentation.visibleKeys = state.keys.rows(from: top, count: 20).compactMap { row in
      if case .key(let slot) = row.item { state.keys.index.key(slot) } else { nil }
    }
    send(.presented(presentation))
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

  /// The keys that are listed, from the first row to the last.
  package var listed: [String] {
    state.keys.rows(from: 0, count: state.keys.rowCount).compactMap { row in
      if case .key(let slot) = row.item {
        String(decoding: state.keys.index.name(slot), as: UTF8.self)
      } else {
        nil
      }
    }
  }

  package var lastWalk: RequestID? {
    for case .scan(let request, _, _, _) in effects.reversed() { return request }
    return nil
  }

  package var lastChange: (request: RequestID, change: KeyChange, key: CacheKey)? {
    for case .change(let request, let change, let key, _) in effects.reversed() {
      return (request, change, key)
    }
    return nil
  }

  /// The plan that was sent off last.
  package var lastPlan: (request: RequestID, task: PlanTask)? {
    for case .runPlan(let request, let task) in effects.reversed() { return (request, task) }
    return nil
  }

  /// Does what is left to do over all keys.
  package mutating func advanceFully() {
    while state.hasPendingWork { send(.advance) }
  }

  /// Confirms the open question as a person would: paint it, read it, press y.
  package mutating func confirm() {
    paint()
    wait(300)
    send(.answer("y"))
  }

  /// Opens the plan to flush, of which a walk over the database finds these keys.
  package mutating func openFlush(_ keys: [KeySummary], room: Int64? = 1 << 30) {
    send(.action(.flush))
    send(.tick)
    var preview = PlanPreview(limit: CapturedState.standardLimit)
    preview.add(keys.map(\.key))
    preview.add(keys)
    answerSurvey(.success(SurveyedPlan(preview: preview, names: KeyNameList(bound: 0))))
    tellRoom(room)
  }

  /// The walk before the plan in view ends with this.
  package mutating func answerSurvey(_ outcome: Result<SurveyedPlan, SurveyProblem>) {
    guard let request = lastSurvey?.request else { return }
    send(.planSurveyed(request, outcome))
    paint()
  }

  package var lastSurvey: (request: RequestID, task: SurveyTask)? {
    for case .surveyPlan(let request, let task) in effects.reversed() { return (request, task) }
    return nil
  }

  /// The journal tells how much it has room for.
  package mutating func tellRoom(_ room: Int64?) {
    for case .measureJournal(let request) in effects { send(.journalRoom(request, room)) }
    paint()
  }

  /// Flushes in one step, of which nothing is kept.
  package mutating func flushForGood() {
    openFlush([string("a")])
    wait(300)
    send(.answer("f"))
    paint()
    wait(300)
    send(.edit(.insert("db0")))
    send(.submit)
  }

  /// Confirms the plan in view, and types the database's name which that takes.
  package mutating func typeDatabase() {
    confirm()
    paint()
    wait(300)
    send(.edit(.insert("db0")))
    send(.submit)
  }
}

/// The summary of a string.
package func string(_ name: String, ttl: Int64? = nil, bytes: Int64 = 64) -> KeySummary {
  KeySummary(
    key: CacheKey(name), kind: .string,
    lifetime: ttl.map { .remaining(TTL(milliseconds: $0)) } ?? .unlimited, bytes: ByteCount(bytes))
}
