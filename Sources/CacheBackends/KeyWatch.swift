import CacheModel
import RESP

/// What is followed on one connection, and what has been told of it.
///
/// First changes below the prefixes in view are told, so that keys which come there are seen, too.
/// When those are more than `PushRate` allows, only the names in view are followed for half a minute;
/// when these are too many as well, it ends. What comes within a fifth of a second is told together:
/// a key that is written all the time costs five messages a second.
struct KeyWatch {
  private let way: any PushWay
  private let clock: SourceClock
  private let telling: @Sendable ([CacheKey]) -> Void
  private var view = FollowedView()
  private var followed: Set<CacheKey> = []
  /// What the server has been told.
  private var prefixes: [[UInt8]]
  private var changed: Set<CacheKey> = []
  private var isGathering = false
  private var rate = PushRate()
  /// Since when, in microseconds, only names are followed and no prefixes.
  private var narrowSince: Int64?

  private enum Event: Sendable {
    case follow(FollowedView)
    case push(RESPValue)
    case gathered
    case lost
  }

  private static let gatheringMilliseconds: Int64 = 200
  private static let narrowMicroseconds: Int64 = 30_000_000
  private static let grace: Int64 = 1_000_000

  /// `prefixes` are what the way follows already.
  init(
    _ way: any PushWay, following prefixes: [[UInt8]], clock: SourceClock,
    telling: @escaping @Sendable ([CacheKey]) -> Void
  ) {
    self.way = way
    self.prefixes = prefixes
    self.clock = clock
    self.telling = telling
  }

  /// Follows until the views or the task end; `connections` are the pushes of all that must live.
  mutating func run(
    _ following: AsyncStream<FollowedView>, _ connections: [AsyncStream<RESPValue>]
  ) async throws(ChannelError) -> WatchEnd {
    let (events, out) = AsyncStream.makeStream(of: Event.self)
    let follower = Task {
      for await view in following { out.yield(.follow(view)) }
      out.finish()
    }
    let listeners = connections.map { pushes in
      Task {
        for await push in pushes { out.yield(.push(push)) }
        out.yield(.lost)
      }
    }
    defer { for task in [follower] + listeners { task.cancel() } }
    for await event in events {
      switch event {
      case .follow(let view): guard try await follow(view) else { return .cannotTell }
      case .push(let push): if let end = try await take(push, out) { return end }
      case .gathered: tell()
      case .lost: throw .notConnected(reason: "the connection that tells of changes has ended")
      }
    }
    return .stopped
  }

  /// False when the server refuses.
  private mutating func follow(_ view: FollowedView) async throws(ChannelError) -> Bool {
    self.view = view
    followed = Set(view.keys)
    if let since = narrowSince, clock.monotonicMicroseconds() - since >= Self.narrowMicroseconds {
      narrowSince = nil
    }
    let names = (narrowSince == nil ? view.prefixes : []) + view.keys.map(\.bytes)
    let wanted = TrackedPrefixes.covering(names)
    guard wanted != prefixes else { return true }
    guard try await way.follow(wanted, insteadOf: prefixes) else { return false }
    prefixes = wanted
    // What changed before this was perhaps not told: the caller looks once more.
    telling([])
    return true
  }

  private mutating func take(
    _ push: RESPValue, _ out: AsyncStream<Event>.Continuation
  ) async throws(ChannelError) -> WatchEnd? {
    guard let told = way.told(by: push) else { return nil }
    var names = view.keys
    if case .keys(let keys) = told {
      // What was on its way when less was asked for says nothing about what comes now.
      let isCounted = narrowSince.map { clock.monotonicMicroseconds() - $0 > Self.grace } ?? true
      guard !isCounted || !rate.take(keys.count, at: clock.monotonicMicroseconds()) else {
        return try await narrow()
      }
      names = keys
    }
    changed.formUnion(names.filter(isMeant))
    guard !changed.isEmpty, !isGathering else { return nil }
    isGathering = true
    Task {
      try? await Task.sleep(for: .milliseconds(Self.gatheringMilliseconds))
      out.yield(.gathered)
    }
    return nil
  }

  private func isMeant(_ key: CacheKey) -> Bool {
    followed.contains(key)
      || narrowSince == nil && view.prefixes.contains { key.bytes.starts(with: $0) }
  }

  private mutating func narrow() async throws(ChannelError) -> WatchEnd? {
    guard narrowSince == nil else { return .tooManyChanges }
    narrowSince = clock.monotonicMicroseconds()
    rate = PushRate()
    return try await follow(view) ? nil : .cannotTell
  }

  private mutating func tell() {
    isGathering = false
    let batch = changed.filter(isMeant)
    changed = []
    if !batch.isEmpty { telling(Array(batch)) }
  }
}
