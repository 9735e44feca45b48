import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// A real server made older: options that it is not to know are sent as ones that nobody knows.
private func older(_ channel: any RESPChannel) -> MappedChannel {
  let newer = ["KEEPTTL", "ABSTTL", "ASYNC"].map { Array($0.utf8) }
  return MappedChannel(
    inner: channel,
    asked: { command in
      RESPCommand(
        arguments: command.arguments.map { newer.contains($0) ? Array("NEWER".utf8) : $0 })
    })
}

@Suite(.timeLimit(.minutes(5))) struct OldServerTests {
  /// Clock and PTTL are two commands, and a busy machine may pause the server between them.
  private let measured: Int64 = 50

  @Test(arguments: SourceKind.redis)
  func editsKeepTheDeadlineAllTheSame(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(
      kind, options: ["--rename-command", "PEXPIRETIME", "", "--rename-command", "HELLO", ""])
    let backend = RedisBackend(over: older(source.channel), address: "old", database: 0)
    _ = try await backend.open()
    try await source.run("SET", "k", "old", "PX", "80000")
    try await source.run("HSET", "h", "f", "old")
    try await source.run("PEXPIRE", "h", "80000")
    let (key, hash) = (CacheKey("k"), CacheKey("h"))
    let before = (try await source.deadlineByPTTL(key), try await source.deadlineByPTTL(hash))
    let set = KeyChange.setString(bytes("new"), expected: bytes("old"))
    let field = KeyChange.setField(bytes("f"), value: bytes("new"), expected: bytes("old"))
    guard case .done(let undo?) = try await backend.apply(set, to: key, undoLimit: 1 << 20),
      case .done(let undoField?) = try await backend.apply(field, to: hash, undoLimit: 1 << 20)
    else {
      Issue.record("not done")
      return
    }
    #expect(try await source.value(key) == bytes("new"))
    #expect(abs(try await source.deadlineByPTTL(key) - before.0) <= measured)
    #expect(abs(try await source.deadlineByPTTL(hash) - before.1) <= measured)
    for (record, key, deadline) in [(undo, key, before.0), (undoField, hash, before.1)] {
      guard case .restored = try await backend.undo(record, overwriting: false) else {
        Issue.record("not undone")
        continue
      }
      #expect(abs(try await source.deadlineByPTTL(key) - deadline) <= measured)
    }
    #expect(try await source.value(key) == bytes("old"))
    #expect(try await backend.flush() == 2)
    await source.close()
  }

  /// Without PEXPIRETIME the deadline is set again where an edit could make a key anew.
  @Test(arguments: EditCase.all)
  func everyEditKeepsTheDeadlineAllTheSame(_ edit: EditCase) async throws {
    let source = try SourceUnderTest(
      .redisRESP2, options: ["--rename-command", "PEXPIRETIME", ""])
    let (key, backend) = (EditCase.key, source.backend)
    _ = try await backend.open()
    for command in edit.setUp + [EditCase.command("PEXPIRE", bytes("80000"))] {
      _ = try await source.other.send(command)
    }
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
    await source.close()
  }

  /// Before version 6.0.9 a transaction was carried out although the time of a watched key had come.
  /// Here nothing is watched at all, and the time comes after the key was looked at.
  @Test(arguments: EditCase.all)
  func aKeyWhoseTimeComesUnnoticedDoesNotComeBack(_ edit: EditCase) async throws {
    let source = try SourceUnderTest(
      .redisRESP2, options: ["--rename-command", "PEXPIRETIME", ""])
    let key = EditCase.key
    for limit in [nil, 1 << 20] {
      for command in edit.setUp + [EditCase.command("PEXPIRE", bytes("30"))] {
        _ = try await source.other.send(command)
      }
      let unwatched = MappedChannel(
        inner: source.channel,
        asked: { $0.verb == "WATCH" ? RESPCommand("ECHO", "not watched") : $0 })
      let channel = InterveningChannel(unwatched) {
        while try await source.run("PTTL", key.bytes) != .integer(-2) {}
      }
      let backend = RedisBackend(over: channel, address: "old", database: 0)
      let outcome = try await backend.apply(edit.change, to: key, undoLimit: limit)
      #expect([.gone, .elementGone, .changedMeanwhile].contains(outcome))
      #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    }
    await source.close()
  }
}
