import CacheModel
import Explorer
import KeyPattern
import KeyQuery
import Synchronization
import SystemIO

/// Carries out the effects that concern the source, each as a task, and posts what came of it.
final class EffectRunner: Sendable {
  private let backend: any CacheBackend
  private let mailbox: Mailbox
  private let glob: [UInt8]?
  private let engine: UsedEngine?
  private let log: CommandLog
  private let setReadOnly: @Sendable (Bool) -> Void
  private let reconnect: @Sendable () async -> Void
  private let following: KeyFollowing
  private let loading: LoadingPace
  private let changes: ChangeRunner
  private let plans: PlanRunner
  private let surveys: SurveyRunner
  private let readings: ReadingRunner
  /// The page of each walk that is fetched while the one before it is taken in, by prefix.
  private let ahead = Mutex<[[UInt8]: AheadPage]>([:])

  /// `keeper` keeps what takes changes back, of values up to `undoLimit` bytes each.
  /// `matching` bounds the walk to the keys that a glob matches.
  /// `engine` is that of this user, where the source is it.
  /// `setReadOnly` switches the guard below the backend; `reconnect` ends a pause between tries.
  init(
    backend: any CacheBackend, keeper: any ChangeKeeper, undoLimit: Int, mailbox: Mailbox,
    matching glob: [UInt8]? = nil, engine: UsedEngine? = nil, log: CommandLog,
    setReadOnly: @escaping @Sendable (Bool) -> Void,
    reconnect: @escaping @Sendable () async -> Void = {}
  ) {
    self.backend = backend
    loading = LoadingPace(of: backend)
    following = KeyFollowing(backend: backend, mailbox: mailbox)
    changes = ChangeRunner(
      backend: backend, keeper: keeper, undoLimit: undoLimit, mailbox: mailbox)
    plans = PlanRunner(
      backend: backend, keeper: keeper, undoLimit: undoLimit, mailbox: mailbox)
    surveys = SurveyRunner(backend: backend, undoLimit: undoLimit, mailbox: mailbox)
    readings = ReadingRunner(mailbox: mailbox)
    self.setReadOnly = setReadOnly
    self.reconnect = reconnect
    self.log = log
    self.glob = glob
    self.engine = engine
    self.mailbox = mailbox
  }

  /// Starts an effect; false when it is none of the source's.
  func start(_ effect: Effect) -> Bool {
    switch effect {
    case .scan(let request, let cursor, let prefix, let count):
      walk(request, WalkStep(cursor: cursor, prefix: prefix, count: count))
    case .open(let request), .describe(let request, _, _), .judge(let request, _, _, _),
      .lookUpTags(let request, _), .label(let request, _, _), .listTags(let request, _),
      .read(let request, _, _), .readPart(let request, _, _, _), .sample(let request),
      .databases(let request):
      ask(effect, request)
    case .makeReadable(let request, let task): readings.make(request, task)
    case .change(let request, let change, let key, let header):
      changes.make(request, KeyedChange(key: key, change: change), header)
    case .runPlan(_, let task) where task.copy != nil: return false
    case .surveyPlan(let request, let task): surveys.start(request, task)
    case .runPlan, .holdPlan, .saveScript: startPlan(effect)
    case .undo(let request, let change, let header, let overwriting):
      changes.takeBack(request, change, header, overwriting: overwriting)
    case .flush(let request, let header): changes.flush(request, header)
    case .listJournal: changes.list()
    case .measureJournal(let request): changes.measure(request)
    case .listOlderChanges(let before): changes.listOlder(before: before)
    case .showChange(let request, let change): changes.show(request, change)
    case .cancel(let request):
      if !surveys.cancel(request), !plans.cancel(request) { changes.cancel(request) }
    case .follow(let view): following.follow(view)
    case .setReadOnly(let isReadOnly): setReadOnly(isReadOnly)
    case .reconnect: Task { await self.reconnect() }
    case .measureEngine(let request):
      Task { mailbox.post(.engineUse(request, await self.engine?.use())) }
    case .sentCommands(let request): mailbox.post(.sent(request, log.latest))
    case .editOutside, .copy, .probe, .askTarget, .switchSource, .redraw, .suspend, .stopEngine,
      .quit:
      return false
    }
    return true
  }

  /// Closes the connection on which changes are told, before the program stands still; returns when
  /// that is done.
  func stopFollowing() {
    let following = following
    try? BlockingRun.wait { await following.stop() }
  }

  /// Starts a plan that copies to another source.
  func copy(_ request: RequestID, _ task: PlanTask, to place: CopyPlace) {
    let changes = changes
    plans.run(request, task, to: place) { await changes.tellJournal() }
  }

  private func startPlan(_ effect: Effect) {
    switch effect {
    case .runPlan(let request, let task):
      let changes = changes
      plans.run(request, task) { await changes.tellJournal() }
    case .holdPlan(let request, let isHeld): plans.hold(request, isHeld)
    case .saveScript(let request, let task): plans.save(request, task)
    default: break
    }
  }

  private func ask(_ effect: Effect, _ request: RequestID) {
    let mailbox = mailbox
    Task {
      do throws(BackendError) {
        if let event = try await self.answer(to: effect) { mailbox.post(event) }
      } catch {
        mailbox.post(.failed(request, error))
      }
    }
  }

  private func answer(to effect: Effect) async throws(BackendError) -> Event? {
    switch effect {
    case .open: .opened(try await opened())
    case .describe(let request, let keys, let detail):
      .described(request, keys, try await describe(keys, detail))
    case .judge(let request, let keys, let query, let tags):
      .judged(request, keys, try await judge(keys, query, tags))
    case .lookUpTags(let request, let spellings):
      .tagMeanings(request, try await TagMeanings(spellings, in: backend))
    case .label(let request, let key, let known):
      .labelled(request, try await labels(of: key, among: known))
    case .listTags(let request, let cursor):
      .tagsListed(
        request, try await backend.tagNames(from: cursor, named: nil, count: Self.tagPage))
    case .read(let request, let key, let bound):
      .read(request, try await backend.read(key, within: bound))
    case .readPart(let request, let key, let position, let bound):
      .read(request, try await backend.read(key, from: position, within: bound))
    case .databases(let request): .databases(request, try await backend.databases())
    case .sample: .sampled(try await sampled())
    default: nil
    }
  }

  /// What a person does not wait for is asked at the pace of loading.
  private func describe(
    _ keys: [CacheKey], _ detail: SummaryDetail
  ) async throws(BackendError) -> [KeySummary?] {
    let backend = backend
    guard keys.count > Self.keysInView else { return try await backend.describe(keys, detail) }
    return try await loading.work { () async -> Result<[KeySummary?], BackendError> in
      do throws(BackendError) {
        let summaries = try await backend.describe(keys, detail)
        return .success(summaries)
      } catch {
        return .failure(error)
      }
    }.get()
  }

  /// More keys than are in view at once are those of the rounds over all of them.
  private static let keysInView = 300

  /// Keys that one step of a walk over tags looks at.
  private static let tagPage = 1000

  /// Whoever may not ask for trackers has the tags all the same.
  private func labels(
    of key: CacheKey, among known: [Tag]
  ) async throws(BackendError) -> KeyLabels {
    let tags = try await backend.tags(of: [key], among: known).first ?? []
    let trackers = try? await backend.trackers(of: key)
    return KeyLabels(key: key, tags: tags, trackers: trackers ?? .unknown)
  }

  private func judge(
    _ keys: [CacheKey], _ query: Query, _ tags: TagMeanings
  ) async throws(BackendError) -> [Verdict?] {
    let judge = QueryJudge(query, tags: tags, recognise: KnownCodecs.recognise)
    return try await judge.judge(keys, by: backend).map(\.verdict)
  }

  private func sampled() async throws(BackendError) -> CacheStatistics {
    let sample = try await backend.statistics()
    if let identity = sample.identity { changes.belong(to: identity) }
    return sample
  }

  private func opened() async throws(BackendError) -> SourceDescription {
    let description = try await backend.open()
    changes.belong(to: description.identity)
    return description
  }

  // MARK: Walks

  /// Posts a page of a walk, and begins to fetch the next one meanwhile: one page ahead and no more,
  /// so that a walk is as fast as its slower side and holds two pages at most.
  private func walk(_ request: RequestID, _ step: WalkStep) {
    let mailbox = mailbox
    let page = takeAhead(step) ?? fetch(step)
    Task {
      switch await page.value {
      case .success(let page):
        if let next = page.next { self.fetchAhead(step.following(next)) }
        mailbox.post(.scanned(request, page))
      case .failure(let error): mailbox.post(.failed(request, error))
      }
    }
  }

  private func fetch(_ step: WalkStep) -> AheadPage.Page {
    let (backend, glob) = (backend, glob)
    return Task { await loading.work { await Self.page(step, of: backend, glob) } }
  }

  private static func page(
    _ step: WalkStep, of backend: any CacheBackend, _ glob: [UInt8]?
  ) async -> Result<ScanPage, BackendError> {
    do throws(BackendError) {
      let matching = step.prefix.isEmpty ? glob : GlobPattern.prefix(step.prefix).source
      var page = try await backend.scan(
        from: step.cursor, matching: matching, count: step.count)
      if !step.prefix.isEmpty, let glob {
        let pattern = GlobPattern(glob)
        page.keys.removeAll { !pattern.matches($0.bytes) }
      }
      return .success(page)
    } catch {
      return .failure(error)
    }
  }

  private func fetchAhead(_ step: WalkStep) {
    let page = AheadPage(step: step, page: fetch(step))
    ahead.withLock { $0[step.prefix] = page }
  }

  /// The page that was fetched ahead for this step; one for another step is dropped.
  private func takeAhead(_ step: WalkStep) -> AheadPage.Page? {
    guard let found = ahead.withLock({ $0.removeValue(forKey: step.prefix) }) else { return nil }
    if found.step == step { return found.page }
    found.page.cancel()
    return nil
  }
}

/// Which page of which walk.
private struct WalkStep: Sendable, Equatable {
  var cursor: ScanCursor
  var prefix: [UInt8]
  var count: Int

  func following(_ next: ScanCursor) -> WalkStep {
    WalkStep(cursor: next, prefix: prefix, count: count)
  }
}

private struct AheadPage: Sendable {
  typealias Page = Task<Result<ScanPage, BackendError>, Never>

  var step: WalkStep
  var page: Page
}
