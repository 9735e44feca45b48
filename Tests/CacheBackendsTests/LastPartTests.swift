import CacheBackends
import CacheModel
import RESP
import Testing

/// Taking the last part of a collection away takes the key away; undo brings back key, TTL and
/// order.
@Suite(.timeLimit(.minutes(5))) struct LastPartTests {
  private static let removals: [(RESPCommand, KeyChange)] = [
    (EditCase.command("HSET", everyByte, everyByte), .removeField(everyByte, expected: nil)),
    (
      EditCase.command("HSET", everyByte, everyByte),
      .removeField(everyByte, expected: everyByte)
    ),
    (
      EditCase.command("RPUSH", everyByte), .removeElement(at: 0, expected: everyByte)
    ),
    (EditCase.command("SADD", everyByte), .removeMember(everyByte)),
    (
      EditCase.command("ZADD", bytes("-2.5"), everyByte),
      .removeScoredMember(everyByte, expected: -2.5)
    ),
  ]

  static let everywhere = SourceKind.allCases.flatMap { source in
    removals.indices.map { (source, $0) }
  }

  @Test(arguments: everywhere)
  func comesBackWhole(_ kind: SourceKind, _ index: Int) async throws {
    let (make, change) = Self.removals[index]
    let source = try SourceUnderTest(kind)
    let (key, backend) = (EditCase.key, source.backend)
    _ = try await backend.open()
    _ = try await source.other.send(make)
    try await source.run("PEXPIRE", key.bytes, bytes("7777777"))
    let deadline = try await source.deadline(key)
    let before = try await backend.read(key, within: .standard)?.content
    guard case .done(let undo?) = try await backend.apply(change, to: key, undoLimit: 1 << 20)
    else {
      Issue.record("not done")
      return
    }
    #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    guard case .restored(let redo?) = try await backend.undo(undo, overwriting: false) else {
      Issue.record("not restored")
      return
    }
    #expect(try await backend.read(key, within: .standard)?.content == before)
    #expect(try await source.deadline(key) == deadline)
    guard case .restored = try await backend.undo(redo, overwriting: false) else {
      Issue.record("not redone")
      return
    }
    #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    await source.close()
  }
}
