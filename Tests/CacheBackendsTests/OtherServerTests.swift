import CacheBackends
import CacheModel
import Glibc
import RESP
import SystemIO
import TestSupport
import Testing

/// A server that `.ci/install-other-servers` has made available: its name is that of its folder, the
/// product, a hyphen and the version.
struct OtherServer: Sendable, CustomTestStringConvertible {
  var testDescription: String

  /// Those in the folder that CACHESCOPE_SERVERS names; none as a rule.
  static let all: [OtherServer] = {
    guard let folder = EnvironmentVariable.value(of: "CACHESCOPE_SERVERS") else { return [] }
    let names = [
      "redis-2.8", "redis-3.2", "redis-5.0", "redis-6.0", "redis-6.2", "redis-8.0", "valkey-8.1",
      "valkey-9.1", "redict-7.3",
    ]
    return names.filter { access("\(folder)/\($0)/server", X_OK) == 0 }
      .map { OtherServer(testDescription: $0) }
  }()

  static let edits = all.flatMap { server in EditCase.all.map { (server, $0) } }

  var program: String {
    (EnvironmentVariable.value(of: "CACHESCOPE_SERVERS") ?? "") + "/\(testDescription)/server"
  }

  private var parts: [Substring] { testDescription.split(separator: "-") }
  var product: String { String(parts[0]) }
  var release: String { String(parts[1]) }

  /// The version as a number: 6.2 is 602. Products of their own are as new as Redis 7.2.
  var number: Int {
    let numbers = release.split(separator: ".").compactMap { Int($0) }
    return product == "redis" ? numbers[0] * 100 + numbers[1] : 702
  }

  var kind: SourceKind { number >= 600 ? .redisRESP3 : .redisRESP2 }

  func source(_ options: [String] = []) throws -> SourceUnderTest {
    try SourceUnderTest(kind, options: options, program: program)
  }
}

/// What is promised of every server, on the real ones: older and newer Redis, and those that grew out
/// of it. Without such servers on the machine there is nothing to run.
@Suite(.timeLimit(.minutes(10))) struct OtherServerTests {
  /// Clock and PTTL are two commands, and a busy machine may pause the server between them.
  private let measured: Int64 = 50

  @Test(arguments: OtherServer.all)
  func itIsKnownByItsOwnNameAndVersion(_ server: OtherServer) async throws {
    let source = try server.source()
    let about = try await source.backend.open()
    #expect(about.product == server.product)
    #expect(about.version.hasPrefix(server.release))
    #expect(about.role == "primary")
    #expect(about.countsLooks == (server.number < 702))
    #expect(about.capabilities.contains(.memoryUsage) == (server.number >= 400))
    await source.close()
  }

  @Test(arguments: OtherServer.all)
  func everyKeyIsListedAndDescribed(_ server: OtherServer) async throws {
    let source = try server.source()
    _ = try await source.backend.open()
    try await source.run("SET", bytes("s"), bytes("12345"))
    try await source.run("PEXPIRE", "s", "6000000")
    for number in 0..<2000 { try await source.run("HSET", "h:\(number)", "f", "v") }
    let keys = ["s", "missing", "h:7"].map { CacheKey($0) }
    let found = try await source.backend.describe(keys, .everything)
    #expect(found[0]?.kind == .string && found[0]?.length == 5 && found[0]?.encoding != nil)
    #expect((found[0]?.bytes != nil) == (server.number >= 400))
    #expect((5_900_000...6_000_000).contains(found[0]?.lifetime?.ttl?.milliseconds ?? 0))
    #expect(found[1] == nil)
    #expect(found[2]?.kind == .hash && found[2]?.lifetime == .unlimited)
    let figures = try await source.backend.statistics()
    #expect(figures.keys == 2001 && figures.keysWithTTL == 1)
    #expect((figures.usedMemory?.bytes ?? 0) > 0)
    // All of that was our own; older servers count the PEXPIRE above, which was not.
    #expect(figures.hits == (server.number < 300 ? 1 : 0) && figures.misses == 0)
    var (names, hashes): (Set<CacheKey>, Set<CacheKey>) = ([], [])
    for kind in [nil, ValueKind.hash] {
      var cursor: ScanCursor? = .start
      while let at = cursor {
        let page = try await source.backend.scan(from: at, matching: nil, of: kind, count: 100)
        if kind == nil { names.formUnion(page.keys) } else { hashes.formUnion(page.keys) }
        // Servers that cannot filter tell all, and do not say that they have one kind.
        #expect((page.kind == nil) == (kind == nil || server.number < 600))
        cursor = page.next
      }
    }
    #expect(names.count == 2001)
    #expect(hashes.count == (server.number < 600 ? 2001 : 2000))
    await source.close()
  }

  @Test(arguments: OtherServer.all)
  func everyValueIsCreatedReadDeletedAndPutBack(_ server: OtherServer) async throws {
    let source = try server.source()
    _ = try await source.backend.open()
    let key = CacheKey(everyByte)
    for value in WholeKeyTests.values {
      let until = WallTime(milliseconds: try await source.now() + 90_000)
      let made = try await source.backend.apply(
        .create(value, .until(until)), to: key, undoLimit: 1 << 20)
      guard case .done = made else {
        Issue.record("\(made)")
        continue
      }
      let content = try await source.backend.read(key, within: .standard)?.content.inOrder
      #expect(content == value.content.inOrder)
      #expect(abs(try await source.deadlineByPTTL(key) - until.milliseconds) <= measured)
      let deleted = try await source.backend.apply(.delete, to: key, undoLimit: 1 << 20)
      guard case .done(let undo?) = deleted else {
        Issue.record("\(deleted)")
        continue
      }
      #expect(try await source.backend.read(key, within: .standard) == nil)
      guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
        Issue.record("not restored: \(value)")
        continue
      }
      #expect(
        try await source.backend.read(key, within: .standard)?.content.inOrder
          == value.content.inOrder)
      #expect(abs(try await source.deadlineByPTTL(key) - until.milliseconds) <= measured)
      try await source.run("DEL", key.bytes)
    }
    await source.close()
  }

  @Test(arguments: OtherServer.edits)
  func everyEditKeepsTheDeadlineAndIsTakenBack(
    _ server: OtherServer, _ edit: EditCase
  ) async throws {
    let source = try server.source()
    let (key, backend) = (EditCase.key, source.backend)
    _ = try await backend.open()
    for command in edit.setUp.flatMap(Self.inOldWords) {
      let reply = try await source.other.send([command])[0]
      #expect(reply.error == nil, "\(command.verb)")
    }
    try await source.run("PEXPIRE", key.bytes, bytes("80000"))
    let deadline = try await source.deadlineByPTTL(key)
    let before = try await backend.read(key, within: .standard)?.content.inOrder
    let outcome = try await backend.apply(edit.change, to: key, undoLimit: 1 << 20)
    guard case .done(let undo?) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try await backend.read(key, within: .standard)?.content.inOrder == edit.after.inOrder)
    #expect(abs(try await source.deadlineByPTTL(key) - deadline) <= measured)
    guard case .restored = try await backend.undo(undo, overwriting: false) else {
      Issue.record("not restored")
      return
    }
    #expect(try await backend.read(key, within: .standard)?.content.inOrder == before)
    #expect(abs(try await source.deadlineByPTTL(key) - deadline) <= measured)
    if let stale = edit.stale {
      let refused = try await backend.apply(stale, to: key, undoLimit: 1 << 20)
      #expect(refused == .changedMeanwhile || refused == .elementGone)
    }
    await source.close()
  }

  /// HSET took one field before version 4.0.
  private static func inOldWords(_ command: RESPCommand) -> [RESPCommand] {
    let words = command.arguments
    guard command.verb == "HSET", words.count > 4 else { return [command] }
    return stride(from: 2, to: words.count, by: 2).map { place in
      RESPCommand("HSET", [words[1], words[place], words[place + 1]])
    }
  }

  @Test(arguments: OtherServer.all)
  func lifetimesAreSetAndTakenAway(_ server: OtherServer) async throws {
    let source = try server.source()
    _ = try await source.backend.open()
    let key = CacheKey("k")
    try await source.run("SET", "k", "v")
    func apply(_ change: KeyChange) async throws -> Bool {
      guard case .done = try await source.backend.apply(change, to: key, undoLimit: 1 << 20) else {
        return false
      }
      return true
    }
    let until = WallTime(milliseconds: try await source.now() + 70_000)
    #expect(try await apply(.setTTL(.until(until))))
    #expect(abs(try await source.deadlineByPTTL(key) - until.milliseconds) <= measured)
    #expect(try await apply(.setTTL(.persist)))
    #expect(try await source.run("PTTL", "k") == .integer(-1))
    #expect(try await apply(.expireNow))
    while try await source.run("EXISTS", "k") != .integer(0) {}
    try await source.run("SET", "a", "v")
    try await source.run("SET", "b", "v")
    #expect(try await source.backend.flush() == 2)
    await source.close()
  }

  /// From 6.0 on by tracking, before by notifications where the server sends them.
  @Test(arguments: OtherServer.all)
  func changesAreTold(_ server: OtherServer) async throws {
    for setting in ["", "KEA"] {
      let source = try server.source(["--notify-keyspace-events", setting])
      _ = try await source.backend.open()
      let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
      let (told, tell) = AsyncStream.makeStream(of: CacheKey.self)
      let watch = Task {
        try await source.backend.watch(following) { keys in for key in keys { tell.yield(key) } }
      }
      follow.yield(FollowedView(keys: [CacheKey("k")], prefixes: [bytes("app:")]))
      let isTold = server.number >= 600 || setting != ""
      if isTold {
        let writer = Task {
          while !Task.isCancelled {
            try await source.run("SET", "foreign", "v")
            try await source.run("SET", "k", "v")
            try await source.run("SET", "app:new", "v")
          }
        }
        var seen: Set<CacheKey> = []
        for await key in told {
          seen.insert(key)
          if seen.count == 2 { break }
        }
        writer.cancel()
        _ = await writer.result
        #expect(seen == [CacheKey("k"), CacheKey("app:new")])
        follow.finish()
      }
      #expect(try await watch.value == (isTold ? .stopped : .cannotTell))
      await source.close()
    }
  }
}
