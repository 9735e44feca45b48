package import RESP

/// A simulated web application at work on a cache, for `--demo`.
///
/// It reads as applications do (cache-aside): GET first, and on a miss a slow load and a SET with a
/// TTL when the load is done. Popularity is skewed and drifts, load comes in waves, and now and
/// then a popular page expires just as everybody asks for it and its load is slow: a stampede. A release
/// of the application drops many pages at once.
///
/// A pure value: it is told the time and the replies and gives commands, always the same ones for
/// the same seed, times and replies. `DemoRunner` moves it.
package struct DemoWorkload: Sendable {
  /// What a command of the last batch was for.
  private enum Purpose {
    case read(Item)
    case count(key: String)
    case other
  }

  /// A load that is under way, and what to write when it is done.
  private struct Load {
    var readyAt: Int64
    var item: Item
  }

  private struct Stampede {
    var page: Int
    var until: Int64
  }

  enum Item: Hashable {
    case page(Int)
    case query(Int)
    case user(Int)
    case session(UInt64)
  }

  /// Milliseconds of a session without a request.
  private static let sessionTime = 900_000

  private var random: DemoRandom
  private var pages: DemoPopularity
  private var queries: DemoPopularity
  private var users: DemoPopularity
  private var addresses: DemoPopularity
  private var sessions: [UInt64]
  private var purposes: [Purpose] = []
  private var loads: [Load] = []
  private var stampede: Stampede?
  private var nextStampede: Int64
  private var nextRelease: Int64
  private var lastBatch: Int64
  private let start: Int64
  /// Reads owed, in thousandths.
  private var owed: Int64 = 0

  /// Times are milliseconds since 1970.
  package init(seed: UInt64, start: Int64) {
    random = DemoRandom(seed: seed)
    pages = DemoPopularity(count: DemoContent.pages, random: &random)
    queries = DemoPopularity(count: DemoContent.queries, random: &random)
    users = DemoPopularity(count: DemoContent.users, random: &random)
    addresses = DemoPopularity(count: DemoContent.addresses, random: &random)
    sessions = []
    nextStampede = start + 25_000
    nextRelease = start + 70_000
    lastBatch = start
    self.start = start
    sessions = (0..<1400).map { _ in random.next() >> 1 }
  }

  /// What the cache holds at the beginning: most of it, with deadlines spread as after some hours.
  package mutating func filling() -> [RESPCommand] {
    var commands = sessions.flatMap { write(.session($0), within: true) }
    for page in 0..<DemoContent.pages where !random.oneIn(4) {
      commands += write(.page(page), within: true)
    }
    for query in 0..<DemoContent.queries where !random.oneIn(3) {
      commands += write(.query(query), within: true)
    }
    for user in 0..<DemoContent.users where !random.oneIn(3) {
      commands += write(.user(user), within: true)
    }
    commands.append(RESPCommand("HSET", "app:config:flags", "checkout-v2", "on", "banner", "off"))
    commands.append(RESPCommand("SET", "app:config:release", "2024.11.3"))
    return commands
  }

  /// The commands of the time since the last batch; ask every 20 to 50 ms. The replies, in their
  /// order, belong to `observe`.
  package mutating func batch(at now: Int64) -> [RESPCommand] {
    let passed = min(max(0, now - lastBatch), 1000)
    lastBatch = now
    var commands = finishedLoads(at: now)
    commands += beginStampede(at: now) + release(at: now)
    purposes = commands.map { _ in .other }
    owed += passed * rate(at: now)
    while owed >= 1000 {
      owed -= 1000
      let (command, purpose) = request(at: now)
      commands.append(command)
      purposes.append(purpose)
    }
    if random.oneIn(3) { drift() }
    return commands
  }

  /// Looks at the replies of the last batch: misses begin loads, first counts get their deadline,
  /// and the commands for that are returned; their replies do not matter.
  package mutating func observe(_ replies: [RESPValue]) -> [RESPCommand] {
    var commands: [RESPCommand] = []
    for (purpose, reply) in zip(purposes, replies) {
      switch purpose {
      case .read(let item) where reply.isNull || reply.elements?.isEmpty == true:
        loads.append(Load(readyAt: lastBatch + loadTime(of: item), item: item))
      case .count(let key) where reply.integer == 1:
        commands.append(RESPCommand("EXPIRE", key, "90"))
      case .read(.session(let session)) where random.oneIn(8):
        commands.append(
          RESPCommand("EXPIRE", DemoContent.sessionKey(session), String(Self.sessionTime / 1000)))
      default: break
      }
    }
    purposes = []
    return commands
  }

  // MARK: Requests

  /// Requests a second: waves of forty and of seven seconds.
  private func rate(at now: Int64) -> Int64 {
    1100 + wave(now, period: 40_000, height: 700) + wave(now, period: 7_000, height: 250)
      + (stampede == nil ? 0 : 600)
  }

  private func wave(_ now: Int64, period: Int64, height: Int64) -> Int64 {
    let phase = (now - start) % period
    return height * min(phase, period - phase) * 2 / period
  }

  private mutating func request(at now: Int64) -> (RESPCommand, Purpose) {
    switch random.number(0...99) {
    case ..<36: return read(.page(stampedingPage() ?? pages.choose(&random)))
    case ..<60: return read(.session(visitor()))
    case ..<76: return read(.user(users.choose(&random)))
    case ..<89: return read(.query(queries.choose(&random)))
    case ..<98:
      let key = DemoContent.rateKey(addresses.choose(&random), minute: now / 60_000)
      return (RESPCommand("INCR", key), .count(key: key))
    default:
      let key = DemoContent.lockKey(random.number(0...DemoContent.jobs.count - 1))
      let time = String(random.number(300...6000))
      return (RESPCommand("SET", key, "worker-\(random.number(1...9))", "NX", "PX", time), .other)
    }
  }

  private func read(_ item: Item) -> (RESPCommand, Purpose) {
    switch item {
    case .page(let page): (RESPCommand("GET", DemoContent.pageKey(page)), .read(item))
    case .query(let query): (RESPCommand("GET", DemoContent.queryKey(query)), .read(item))
    case .user(let user): (RESPCommand("HGETALL", DemoContent.userKey(user)), .read(item))
    case .session(let session):
      (RESPCommand("GET", DemoContent.sessionKey(session)), .read(item))
    }
  }

  /// Mostly somebody known; now and then a new visitor takes the place of another.
  private mutating func visitor() -> UInt64 {
    let place = min(random.number(0...1399), random.number(0...1399))
    if random.oneIn(160) { sessions[place] = random.next() >> 1 }
    return sessions[place]
  }

  // MARK: Loads

  private mutating func loadTime(of item: Item) -> Int64 {
    switch item {
    case .page(let page) where page == stampede?.page: 1800
    case .page: Int64(random.number(60...300))
    case .query: Int64(random.number(20...180))
    case .user, .session: Int64(random.number(5...30))
    }
  }

  private mutating func finishedLoads(at now: Int64) -> [RESPCommand] {
    let done = loads.filter { $0.readyAt <= now }
    loads.removeAll { $0.readyAt <= now }
    return done.flatMap { write($0.item, within: false) }
  }

  /// The commands that store an item; `within` its lifetime for one that is older already.
  private mutating func write(_ item: Item, within: Bool) -> [RESPCommand] {
    let lifetime = lifetime(of: item)
    let left = lifetime.map { within ? random.number(1000...$0 + 1000) : $0 }
    switch item {
    case .page(let page):
      return set(DemoContent.pageKey(page), DemoContent.page(page, &random), left)
    case .query(let query):
      return set(DemoContent.queryKey(query), DemoContent.query(query, &random), left)
    case .session(let session):
      return set(DemoContent.sessionKey(session), DemoContent.session(session, &random), left)
    case .user(let user):
      let key = DemoContent.userKey(user)
      let fields = RESPCommand(
        arguments: (["HSET", key] + DemoContent.user(user, &random)).map { Array($0.utf8) })
      return [fields] + (left.map { [RESPCommand("PEXPIRE", key, String($0))] } ?? [])
    }
  }

  private func set(_ key: String, _ value: String, _ left: Int?) -> [RESPCommand] {
    guard let left else { return [RESPCommand("SET", key, value)] }
    return [RESPCommand("SET", key, value, "PX", String(left))]
  }

  /// Milliseconds, with some jitter; nil for what stays.
  private mutating func lifetime(of item: Item) -> Int? {
    switch item {
    case .page(let page):
      page % 40 == 0 ? nil : [12_000, 40_000, 150_000][page % 3] + random.number(0...4000)
    case .query(let query): [7_000, 25_000, 90_000][query % 3] + random.number(0...3000)
    case .user(let user):
      user % 12 == 0 ? nil : [600_000, 3_600_000, 14_400_000][user % 3] + random.number(0...60_000)
    case .session: Self.sessionTime
    }
  }

  // MARK: Drift and stampedes

  private mutating func drift() {
    pages.drift(&random)
    queries.drift(&random)
    users.drift(&random)
  }

  private mutating func beginStampede(at now: Int64) -> [RESPCommand] {
    if let stampede, now >= stampede.until { self.stampede = nil }
    guard now >= nextStampede else { return [] }
    nextStampede = now + Int64(random.number(35_000...80_000))
    stampede = Stampede(page: pages.first, until: now + 2500)
    return [RESPCommand("PEXPIRE", DemoContent.pageKey(pages.first), "1")]
  }

  /// A new version of the application drops a third of the pages at once.
  private mutating func release(at now: Int64) -> [RESPCommand] {
    guard now >= nextRelease else { return [] }
    nextRelease = now + Int64(random.number(90_000...200_000))
    let third = random.number(0...2)
    let stale = (0..<DemoContent.pages).filter { $0 % 3 == third }
    let keys = stale.map { Array(DemoContent.pageKey($0).utf8) }
    let version = "2024.11.\(random.number(4...99))"
    return [RESPCommand("UNLINK", keys), RESPCommand("SET", "app:config:release", version)]
  }

  private mutating func stampedingPage() -> Int? {
    guard let stampede, !random.oneIn(2) else { return nil }
    return stampede.page
  }
}
