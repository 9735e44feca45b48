import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Payloads that RESTORE does not take on this server: of another version, or damaged.
@Suite(.timeLimit(.minutes(5))) struct ForeignPayloadTests {
  private let key = CacheKey("k")

  private func record(
    _ payload: [UInt8], _ origin: SourceIdentity, deadline: WallTime? = nil
  ) -> UndoRecord {
    UndoRecord(
      key: key, payload: payload, deadline: deadline, payloadAfter: nil, deadlineAfter: nil,
      origin: origin)
  }

  /// Every encoding, under a version that no server knows.
  @Test(arguments: PayloadFixture.oldSamples)
  func comesBackByItsPartsFromANewerVersion(_ sample: PayloadFixture) async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let origin = try await source.backend.open().identity
    let deadline = WallTime(milliseconds: try await source.now() + 900_000)
    try await source.run("RESTORE", bytes("model"), bytes("0"), sample.payload)
    try await source.run("PEXPIREAT", "model", "\(deadline.milliseconds)")
    let foreign = PayloadFixture.sealed(sample.body, version: 99)
    let outcome = try await source.backend.undo(
      record(foreign, origin, deadline: deadline), overwriting: false)
    guard case .restored(let redo?) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try await source.picture(key) == source.picture(CacheKey("model")))
    _ = try await source.undo(redo)
    #expect(try await source.run("EXISTS", "k") == .integer(0))
    await source.close()
  }

  /// A server of which nothing is known is given the parts where they are known here.
  @Test func comesBackByItsPartsWhereTheVersionIsNotTold() async throws {
    let source = try SourceUnderTest(limitedTo: "-info")
    let origin = try await source.backend.open().identity
    let payload = PayloadFixture.sealed([0] + PayloadFixture.string("v"), version: 99)
    guard
      case .restored = try await source.backend.undo(record(payload, origin), overwriting: false)
    else {
      Issue.record("not restored")
      return
    }
    #expect(try await source.value(key) == bytes("v"))
    await source.close()
  }

  @Test func whatIsNotKnownHereChangesNothing() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let origin = try await source.backend.open().identity
    try await source.run("SET", "k", "newer", "PX", "900000")
    let before = try await source.picture(key)
    let deadline = WallTime(milliseconds: try await source.now() + 800_000)
    for body in [[19, 1, 2, 3], [90, 1], [1, 9, 9]] as [[UInt8]] {
      let payload = PayloadFixture.sealed(body, version: 99)
      await #expect {
        try await source.backend.undo(
          record(payload, origin, deadline: deadline), overwriting: true)
      } throws: { error in
        guard case .refused("RESTORE", let words) = error as? BackendError else { return false }
        return words.contains("RDB version 99") && words.contains("nothing was changed")
      }
    }
    #expect(try await source.picture(key) == before)
    await source.close()
  }

  /// The server says that it is newer than it is, so that RESTORE is refused when the transaction
  /// is carried out; the key of the new name is gone by then.
  @Test func nothingIsLostWhenAPayloadIsRefusedTooLate() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let backend = newerLooking(source)
    let before = try await fill(source)
    let undo = try await renaming(backend, back: [0] + PayloadFixture.string("v"))
    let after = try await [source.picture(key), source.picture(CacheKey("new"))]
    guard case .restored(let redo?) = try await backend.undo(undo, overwriting: false) else {
      Issue.record("not restored")
      return
    }
    #expect(try await source.picture(key) == before)
    #expect(try await source.run("EXISTS", "new") == .integer(0))
    guard case .restored = try await backend.undo(redo, overwriting: false) else {
      Issue.record("not done again")
      return
    }
    #expect(try await [source.picture(key), source.picture(CacheKey("new"))] == after)
    await source.close()
  }

  /// As above, with a value whose parts are not known here: the new name has it as before.
  @Test(arguments: [false, true])
  func whatTheTransactionDeletedComesBackWhenItsPayloadIsRefused(together: Bool) async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let backend = newerLooking(source)
    try await fill(source)
    let undo = try await renaming(backend, back: [19, 1, 2, 3])
    try await source.run("SET", "other", "w")
    let other = try await backend.apply(.delete, to: CacheKey("other"), undoLimit: 1 << 20)
    let after = try await [source.picture(key), source.picture(CacheKey("new"))]
    if together {
      let records = [undo, try #require(other.undo)]
      let outcomes = await backend.undo(records, overwriting: false)
      #expect(throws: BackendError.self) { try outcomes[0].get() }
      #expect(throws: Never.self) { try outcomes[1].get() }
      #expect(try await source.run("EXISTS", "other") == .integer(1))
    } else {
      await #expect(throws: BackendError.self) {
        try await backend.undo(undo, overwriting: false)
      }
    }
    #expect(try await [source.picture(key), source.picture(CacheKey("new"))] == after)
    await source.close()
  }

  private func newerLooking(_ source: SourceUnderTest) -> RedisBackend {
    source.decorated { inner in
      MappedChannel(
        inner: inner,
        answered: { command, reply in
          guard command.verb == "INFO", let text = reply.text else { return reply }
          let version = "redis_version:"
          let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
          let told = lines.map { $0.hasPrefix(version) ? version + "8.2.0" : $0 }
          return .bulk(bytes(told.joined(separator: "\r\n")))
        })
    }
  }

  @discardableResult
  private func fill(_ source: SourceUnderTest) async throws -> [RESPValue] {
    try await source.run("SET", "k", "v", "PX", "900000")
    return try await source.picture(key)
  }

  /// Renames the key, and tells what takes that back with another body of the old value.
  private func renaming(
    _ backend: RedisBackend, back body: [UInt8]
  ) async throws -> UndoRecord {
    let origin = try await backend.open().identity
    let outcome = try await backend.apply(
      .rename(to: CacheKey("new"), replacing: false), to: key, undoLimit: 1 << 20)
    var undo = try #require(outcome.undo)
    #expect(undo.origin == origin)
    undo.transitions[0].before?.value = .dump(PayloadFixture.sealed(body, version: 12))
    return undo
  }

  @Test func aDamagedPayloadIsNotSent() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let origin = try await source.backend.open().identity
    var payload = PayloadFixture.sealed([0] + PayloadFixture.string("v"), version: 10)
    payload[2] ^= 1
    await #expect {
      try await source.backend.undo(record(payload, origin), overwriting: false)
    } throws: { error in
      guard case .unsupported(let words) = error as? BackendError else { return false }
      return words.contains("damaged")
    }
    #expect(try await source.run("EXISTS", "k") == .integer(0))
    await source.close()
  }
}
