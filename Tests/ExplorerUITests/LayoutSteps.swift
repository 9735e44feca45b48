import CacheModel
import Explorer
import ExplorerUI
import Plans
import TerminalCanvas
import TestSupport

/// What happens in the layout's scenes: keys, and what the source answers.
extension Scene {
  /// Presses keys as they are spelled, each after the frame before it was painted and read.
  mutating func press(_ keys: String) throws {
    for key in try Key.sequence(keys) {
      if let event = Keymap.standard.event(for: key, in: state, over: []) { send(event) }
      paint()
      wait(300)
    }
  }

  // MARK: Changes

  /// The source answers the change under way.
  mutating func answer(_ outcome: ChangeOutcome) {
    guard let (request, _, key) = lastChange else { return }
    send(.changed(request, KeyOutcome(key: key, result: .success(outcome))))
    paint()
  }

  /// Deletes the key under the cursor, which can be taken back.
  mutating func delete() throws {
    try press("d y")
    answerKept()
    paint()
  }

  /// Deletes one key, and then all that are left.
  mutating func deleteAll() throws {
    try delete()
    try press("* d y")
    answerPlan(lost: planKeys.count)
    try press("enter")
  }

  /// Edits the string under the cursor, inline or in an editor, and sends it off.
  mutating func edit() throws {
    try press("e")
    answerPreview(.string(Array("one line".utf8)))
    try press("x enter")
  }

  mutating func failChange() throws {
    try press("* d y")
    let error = BackendError.refused(
      verb: "UNLINK",
      message: "NOPERM this user has no permissions to run the 'unlink' command or its subcommand")
    answerPlan(.failure(error))
    paint()
  }

  /// Takes a change back, but the source has found newer values.
  mutating func undoMeetsNewer() throws {
    try press("u")
    var report = TakingBack()
    report.changedMeanwhile = 1
    report.newerKeys = (lastChange?.key).map { [$0] } ?? []
    answerUndo(report)
  }

  /// The journal tells what the change in view did.
  mutating func tellRecords() {
    for case .showChange(let request, _) in effects.reversed() {
      let record = UndoRecord(
        key: CacheKey("app:page:/home"), payload: Array(repeating: 1, count: 1234),
        deadline: WallTime(milliseconds: 9), payloadAfter: nil, deadlineAfter: nil,
        origin: Scene.source.identity)
      let records = [KeptRecord(record: record, isSettled: false)]
      send(.changeShown(request, .success(ChangeRecords(records: records, others: 12_345))))
      paint()
      return
    }
  }

  // MARK: Plans

  /// A plan over all keys that has come some way.
  mutating func runPlan(slowedBy: Pace.Reason? = nil) throws {
    try press("* d y")
    guard let (request, task) = lastPlan else { return }
    let total = task.names.count
    for step in 0...4 {
      send(
        .planProgress(
          request,
          PlanProgress(
            handled: total * step / 8, total: total, elapsed: 1_000_000, slowedBy: slowedBy)))
      wait(500)
    }
    paint()
  }

  /// The walk over the database has found the keys that are loaded.
  mutating func askToFlush(room: Int64? = 1 << 30) {
    let keys = (0..<2000).map { string("app:user:\($0)", ttl: 86_399_000, bytes: 300) }
    openFlush(keys, room: room)
    wait(300)
  }

  /// The list of tags with some of several keepers.
  mutating func listTags() throws {
    try press("#")
    for case .listTags(let request, _) in effects.reversed() {
      let tags = [
        SeenTag(
          Tag(keeper: .laravel, prefix: Array("shop_".utf8), name: Array("posts".utf8)), keys: 12),
        SeenTag(Tag(keeper: .drupal, prefix: Array("site".utf8), name: Array("node:1".utf8))),
        SeenTag(
          Tag(
            keeper: .symfony, prefix: Array("pool:".utf8),
            name: Array(("news of the " + String(repeating: "世界", count: 40)).utf8)), keys: 3),
      ]
      send(.tagsListed(request, TagPage(tags: tags, next: nil)))
      break
    }
    paint()
  }

  /// The plan that invalidates the first of them.
  mutating func askAboutTag(deletesKeys: Bool) throws {
    try listTags()
    try press("ctrl-x")
    guard case .tag(let tag)? = lastSurvey?.task.keys else { return }
    let invalidation = TagInvalidation(
      tag: tag, deletesKeys: deletesKeys,
      afterwards: [KeyedChange(key: CacheKey("shop_tag:posts:entries"), change: .delete)],
      words: deletesKeys
        ? "delete its keys, then the sorted set that names them" : "count its counter up",
      notes: ["keys of other tags stay, also where the application would have them go with these"])
    var preview = PlanPreview(limit: CapturedState.standardLimit)
    var names = KeyNameList(bound: 1 << 20)
    for number in 0..<12 {
      let key = string("shop_0a1b:\(number)", ttl: 86_399_000, bytes: 700)
      preview.add(key.key)
      preview.add(key)
      _ = names.append(key.key)
    }
    answerSurvey(
      .success(SurveyedPlan(preview: preview, names: names, order: TagOrder(invalidation))))
    tellRoom(1 << 30)
    wait(300)
  }

  mutating func endTagPlan(isLeft: Bool) throws {
    try press("y")
    guard let request = lastPlan?.request else { return }
    var report = PlanReport()
    (report.done, report.doneAfterwards, report.elapsed) = (12, isLeft ? 0 : 1, 3000)
    if isLeft {
      report.isAfterwardsLeft = true
      report.failures.add(.refused(verb: "UNLINK", message: "NOPERM no"), of: CacheKey("k"))
    }
    report.change = keep(state.planTitle, keys: 13).id
    send(.planEnded(request, report))
    paint()
  }

  /// A plan over a prefix asks for the name of that or of the database.
  mutating func askForPrefix() {
    state.source.isProduction = true
    paint()
    wait(300)
    send(.answer("y"))
    paint()
  }

  /// The plan under way ends in every way at once.
  mutating func endPlan() {
    guard let request = lastPlan?.request else { return }
    var report = PlanReport()
    (report.done, report.gone, report.changedMeanwhile) = (12_345, 40, 3)
    (report.unknown, report.notDone, report.lost) = (1000, 812_113, 2)
    report.problem = .notAsked(
      .connectionLost(reason: "connection reset by peer", outcomeUnknown: true))
    for name in ["app:user:1", "app:user:2", "ключ с 世界"] {
      report.failures.add(.refused(verb: "UNLINK", message: "NOPERM no"), of: CacheKey(name))
    }
    report.keeperProblem = .diskFull
    report.elapsed = 4_200_000
    report.change = keep(state.planTitle, keys: 12_345).id
    send(.planEnded(request, report))
    paint()
  }

  // MARK: Values

  mutating func failPreview() {
    let reason = "WRONGTYPE Operation against a key holding the wrong kind of value, and more words"
    for case .read(let request, _, _) in effects.reversed() {
      send(.failed(request, .refused(verb: "GETRANGE", message: reason)))
      return
    }
  }

  /// Each key that is looked at has gone; the first look is still under way.
  mutating func losePreview() {
    for case .read(let request, _, _) in effects.reversed() {
      send(.read(request, nil))
      return
    }
  }

  /// The value is a text of which a first part is held.
  mutating func showPart() {
    for case .read(let request, let key, _) in effects.reversed() {
      let text = String(repeating: "words of a text that goes on and on. ", count: 90)
      var page = ValuePage(
        key: key, kind: .string, lifetime: .unlimited, content: .string(Array(text.utf8)),
        totalLength: 4_404_019)
      page.next = .index(Int64(text.utf8.count))
      send(.read(request, page))
      return
    }
  }

  /// Deletes the key under the cursor and takes that back.
  mutating func takeBack() throws {
    try delete()
    try press("u")
    restore()
    paint()
  }

  /// The list of writes, with some in it.
  mutating func tellSent() throws {
    try press("@")
    let names: [[UInt8]] = [Array("app:page:/home".utf8), [0x1B, 0x5B, 0xFF], []]
    for case .sentCommands(let request) in effects.reversed() {
      var commands = names.map {
        SentCommand(
          at: WallTime(milliseconds: 0), verb: "UNLINK", key: $0, keyCount: 12, size: 12_345)
      }
      commands[0].wasHeldBack = true
      send(.sent(request, commands))
      return
    }
  }

  // MARK: Watching

  mutating func watchFolder() throws {
    try press("v g w")
    for bytes in [214, 214, 214, 214, 300, 300] {
      wait(500)
      answerDescriptions([
        string("app:page:/home", ttl: 271_000, bytes: Int64(bytes)),
        string("app:rate:10.0.0.7", bytes: 72),
      ])
    }
  }

  mutating func watchAlong() throws {
    try press("w")
    let long = String(repeating: "words and 世界 ", count: 30)
    let pages: [(ValueContent, ValueKind)?] = [
      (.string(Array(#"{"id":7}"#.utf8)), .string), (.string(Array(long.utf8)), .string), nil,
      (.hash([HashField(field: [0x1B, 0x5B], value: Array(long.utf8))]), .hash),
    ]
    for page in pages {
      wait(600)
      answerWatch(page)
    }
  }

  private mutating func answerWatch(_ page: (ValueContent, ValueKind)?) {
    for case .read(let request, let key, _) in effects.reversed() {
      let page = page.map {
        ValuePage(
          key: key, kind: $0.1, lifetime: .remaining(TTL(milliseconds: 61_000)), content: $0.0,
          totalLength: Int64($0.0.count))
      }
      send(.read(request, page))
      return
    }
  }

  mutating func failWatch() throws {
    try press("w")
    wait(600)
    let error = BackendError.connectionLost(reason: "connection reset", outcomeUnknown: false)
    for case .read(let request, _, _) in effects.reversed() {
      send(.failed(request, error))
      return
    }
  }

  // MARK: Connections

  /// Opens the connections with several of each kind, and types into them.
  mutating func showConnections(_ keys: String) throws {
    let long = "rediss://someone@cache.staging.internal.a-long-name.example:6380/3"
    state.connections.choices = [
      ConnectionChoice("profile", "staging", long, choice: .profile("staging")),
      ConnectionChoice(
        "profile", "the-cache-of-the-shop-behind-the-tunnel", "production · " + long,
        choice: .profile("shop")),
      ConnectionChoice("REDIS_URL", long, "", choice: .profile("url")),
      ConnectionChoice("engine", "the built-in engine", "", choice: .profile("engine")),
    ]
    try press("c")
    let databases = [(0, 1_204_331), (3, 1)].map {
      DatabaseFigures(number: $0, keys: Int64($1), keysWithTTL: 1)
    }
    for effect in effects {
      if case .databases(let request) = effect { send(.databases(request, databases)) }
      if case .probe(let request, _) = effect { send(.probed(request, answers: true)) }
    }
    try press(keys)
  }

  // MARK: Leaving

  mutating func leave(_ use: EngineUse) throws {
    try press("q")
    for case .measureEngine(let request) in effects.reversed() {
      send(.engineUse(request, use))
      paint()
      return
    }
  }
}
