import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport

/// What the layout is looked at with.
extension Scene {
  static func of(_ contents: LayoutTests.Contents) -> Scene {
    switch contents {
    case .shop, .all: return .shop()
    case .hostile: return .hostile()
    case .hash: return .user()
    case .list: return .collection(.list)
    case .set: return .collection(.set)
    case .sortedSet: return .collection(.sortedSet)
    case .stream: return .collection(.stream)
    case .startedEngine: return .startedEngine()
    case .loginRefused: return .neverOpened(.loginRefused("NOAUTH Authentication required."))
    case .nobody:
      return .neverOpened(
        .unreachable(endpoint: "cache.internal.example:6379", reason: "no route to host"))
    case .production: return .production()
    case .productionAway:
      var scene = Scene.production()
      scene.sample(hits: 20_000, misses: 900, commands: 30_000, keys: 12_204_331)
      scene.send(
        .connection(.waiting(reason: "no route", retryAt: scene.now.advanced(by: 12_000))))
      return scene
    case .empty: return Scene([])
    case .readOnly: return .shop(access: .readOnlyForGood)
    case .longAddress:
      var scene = Scene.shop()
      var source = Scene.source
      source.address = "unix:///home/someone/with/a/long/name/of/a/folder/run/redis-server.sock"
      scene.send(.opened(source))
      scene.load([string("app:page:/home")])
      scene.sample(hits: 1, misses: 1, commands: 9)
      scene.send(
        .connection(.waiting(reason: "no such file", retryAt: scene.now.advanced(by: 12_000))))
      return scene
    case .connecting:
      var scene = Scene.shop()
      scene.send(.connection(.connecting))
      return scene
    case .away:
      var scene = Scene.shop()
      let reason = "connection refused by 10.20.30.40, port 6379"
      scene.send(
        .connection(.waiting(reason: reason, retryAt: scene.now.advanced(by: 12_000))))
      return scene
    case .refused:
      var scene = Scene.shop()
      scene.send(
        .connection(
          .refused(
            reason: "the server refuses this password: check REDISCLI_AUTH or --user",
            asksForPassword: false)))
      return scene
    }
  }

  /// A source of which nothing is known yet, since it was not to be opened.
  private static func neverOpened(_ error: BackendError) -> Scene {
    var scene = Scene()
    scene.state = ExplorerState(
      now: scene.now, access: .readWrite, civilTime: { $0.utcMilliseconds })
    scene.state.source.address = "redis://cache.internal.example:6379/0"
    scene.effects = []
    scene.send(.tick)
    for case .open(let request) in scene.effects { scene.send(.failed(request, error)) }
    scene.paint()
    return scene
  }

  /// The shop's cache behind a profile with a long name.
  private static func production() -> Scene {
    var scene = Scene.shop()
    scene.state.source.profile = "the-cache-of-the-shop-in-production"
    scene.state.source.colour = .red
    scene.state.source.isProduction = true
    return scene
  }

  /// What strangers may have called their keys, and put into them.
  static func hostile() -> Scene {
    let names: [[UInt8]] = [
      Array("\u{1B}]0;owned\u{7}".utf8), Array("a\u{202E}b\u{200B}c".utf8),
      Array(String(repeating: "世界", count: 40).utf8), [0xFF, 0xC0, 0x9B, 0x41],
      Array("e\u{301}te\u{301}".utf8), Array("line\nbreak\r\ttab".utf8),
      Array("👨‍👩‍👧❤️ 🇫🇷 👍🏽".utf8), [], [0], Array(String(repeating: "x", count: 10_000).utf8),
      Array("┌─┐│└┘ app ─┐".utf8), Array("   ".utf8), Array("words between blanks".utf8),
    ]
    var scene = Scene(
      names.enumerated().map {
        KeySummary(
          key: CacheKey($1), kind: $0 % 2 == 0 ? .string : .sortedSet,
          lifetime: .remaining(TTL(milliseconds: 1 << ($0 * 4))),
          bytes: ByteCount(Int64(7) << ($0 * 4)))
      })
    scene.sample(hits: 1, misses: 2, commands: 3)
    scene.wait(1000)
    scene.sample(hits: 9_000_000_000_000, misses: 58, commands: 9_100_000_000_000)
    let lines = ["┌──┐", "\u{1B}[2J\u{9B}1m", String(repeating: "世", count: 300), "\ttab", "👩‍👩‍👧"]
    scene.answerPreview(.string(Array(lines.joined(separator: "\n").utf8)))
    scene.paint()
    return scene
  }

  /// A hash whose fields are long and wide.
  static func user() -> Scene {
    var scene = Scene([
      KeySummary(
        key: CacheKey("app:user:7"), kind: .hash, lifetime: .remaining(TTL(milliseconds: 45_000)),
        bytes: ByteCount(1229))
    ])
    let fields = [
      ("name", "Ada Lovelace"), ("address", "12 St James's Square, Westminster"),
      ("名前", String(repeating: "エイダ", count: 60)), ("", ""),
      (String(repeating: "f", count: 300), String(repeating: "v", count: 3000)),
    ]
    scene.sample(hits: 10_000, misses: 500, commands: 20_000)
    scene.answerPreview(
      .hash(fields.map { HashField(field: Array($0.utf8), value: Array($1.utf8)) }), kind: .hash)
    scene.paint()
    return scene
  }

  /// A collection whose elements are long, wide and strange.
  /// Entries of a server's time and of another, and a group.
  private static func streamed(_ parts: [[UInt8]]) -> ValueContent {
    let ids = [
      StreamID(milliseconds: 7, sequence: 1),
      StreamID(milliseconds: 1_700_000_000_123, sequence: 0),
      StreamID(milliseconds: 1_700_000_000_123, sequence: 4),
    ]
    var group = StreamGroup(
      name: parts[3], lastDelivered: ids[1], pending: 12, lag: 3, consumerCount: 2)
    group.consumers = [StreamConsumer(name: parts[4], pending: 12, idleMilliseconds: 61_000)]
    group.oldest = [
      PendingEntry(id: ids[0], consumer: parts[4], idleMilliseconds: 1000, deliveries: 2)
    ]
    let fields = zip(parts, parts.reversed()).map { HashField(field: $0, value: $1) }
    return .stream(ids.map { StreamEntry(id: $0, fields: fields) }, groups: [group])
  }

  static func collection(_ kind: ValueKind) -> Scene {
    var scene = Scene([
      KeySummary(
        key: CacheKey("app:queue:mails"), kind: kind, lifetime: .unlimited,
        bytes: ByteCount(88_102))
    ])
    let parts = [
      "first", "", "エイダ", String(repeating: "long words ", count: 200), "\u{1B}[2J\nnext", "last",
    ].map { Array($0.utf8) }
    let scores = [0, -1e300, 3.141592653589793, 1_700_000_000_000, .infinity, 5]
    scene.sample(hits: 10_000, misses: 500, commands: 20_000)
    let content: ValueContent =
      switch kind {
      case .list: .list(from: 0, parts)
      case .set: .set(parts)
      case .sortedSet:
        .sortedSet(zip(parts, scores).map { ScoredMember(member: $0, score: $1) })
      case .stream: streamed(parts)
      default: .unreadable
      }
    scene.answerPreview(content, kind: kind)
    scene.paint()
    return scene
  }

  /// An empty engine that was started for this explorer, on a machine where another cache is known.
  static func startedEngine() -> Scene {
    var scene = Scene([])
    let address = "unix:///run/user/1000/cachescope/default.sock"
    var source = Scene.source
    source.product = "cachescope"
    source.version = "0.1.0"
    source.address = address
    scene.send(.opened(source))
    scene.load([])
    scene.state.source.isEngineStarted = true
    scene.state.source.hint = "applications connect to \(address)"
    scene.state.source.welcome = [
      "keys appear here as an application writes them, at", address, "",
      "a adds a key; cachescope --demo shows a cache at work",
      "c connects to rediss://cache.staging.internal.a-long-name.example:6380/3",
    ]
    scene.sample(hits: 0, misses: 0, commands: 9)
    scene.paint()
    return scene
  }
}
