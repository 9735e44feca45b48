import CacheBackends
import CacheModel
import RESP
import Testing

/// Users whom the server refuses MULTI: what is one atomic command is done, without undo; all else
/// is refused in words that say so, and nothing is changed.
@Suite(.timeLimit(.minutes(5))) struct NoTransactionTests {
  private let key = CacheKey("k")

  private func with(_ body: (SourceUnderTest) async throws -> Void) async throws {
    let source = try SourceUnderTest(
      .redisRESP3, options: ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user limited on >secret ~* &* +@all -multi

        """
      ], user: "limited", password: "secret")
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private static let commands: [ValueKind: RESPCommand] = [
    .string: RESPCommand("SET", "k", "v"), .hash: RESPCommand("HSET", "k", "f", "v"),
    .list: RESPCommand("RPUSH", "k", "a", "b"), .set: RESPCommand("SADD", "k", "a", "b"),
    .sortedSet: RESPCommand("ZADD", "k", "1", "a", "2", "b"),
  ]

  private func fill(_ source: SourceUnderTest, _ kind: ValueKind?) async throws {
    _ = try await source.other.send(RESPCommand("FLUSHALL"))
    guard let command = kind.flatMap({ Self.commands[$0] }) else { return }
    _ = try await source.other.send([command, RESPCommand("PEXPIRE", "k", "99999")])
  }

  @Test func whatIsOneCommandIsDone() async throws {
    try await with { source in
      let changes: [(ValueKind?, KeyChange)] = [
        (nil, .create(.string([1]), nil)),
        (nil, .create(.string([1]), .fromNow(milliseconds: 70_000))),
        (.string, .put(.string([1]), nil, otherKinds: true)),
        (.hash, .removeField(bytes("f"), expected: nil)), (.list, .pushElement([1], .head)),
        (.list, .pushElement([1], .tail)), (.set, .removeMember(bytes("a"))),
        (.sortedSet, .setScore(bytes("a"), score: 7, expected: nil)),
        (.sortedSet, .removeScoredMember(bytes("a"), expected: nil)),
        (.list, .rename(to: CacheKey("other"), replacing: false)),
        (.set, .copy(to: CacheKey("other"), replacing: true)), (.list, .delete),
      ]
      for (kind, change) in changes {
        try await fill(source, kind)
        let outcome = try await source.backend.apply(change, to: key, undoLimit: nil)
        #expect(outcome == .done(undo: nil), "\(change)")
      }
      // One that is right alone also says so when there is nothing to do.
      try await fill(source, .set)
      let missing = KeyChange.removeMember(bytes("none"))
      #expect(try await source.backend.apply(missing, to: key, undoLimit: nil) == .elementGone)
    }
  }

  @Test func allElseIsRefusedInWords() async throws {
    try await with { source in
      let changes: [(ValueKind?, KeyChange, Int?)] = [
        (nil, .create(.list([[1]]), nil), nil), (nil, .create(.string([1]), nil), 1 << 20),
        (.hash, .setField(bytes("f"), value: [1], expected: bytes("v")), nil),
        (.hash, .addField(bytes("g"), value: [1]), nil),
        (.list, .removeElement(at: 0, expected: bytes("a")), nil),
        (.list, .setElement(at: 0, value: [1], expected: nil), nil),
        (.set, .addMember([1]), nil), (.set, .replaceMember(bytes("a"), with: [1]), nil),
        (.sortedSet, .setScore(bytes("a"), score: 7, expected: 1), nil),
        (.list, .rename(to: CacheKey("other"), replacing: false), 1 << 20),
      ]
      for (kind, change, limit) in changes {
        try await fill(source, kind)
        let before = try await source.backend.read(key, within: .standard)?.content
        await #expect {
          try await source.backend.apply(change, to: key, undoLimit: limit)
        } throws: { error in
          let words = (error as? BackendError)?.sentence ?? ""
          return words.contains("MULTI") && words.contains("nothing was done")
        }
        #expect(try await source.backend.read(key, within: .standard)?.content == before)
        #expect(try await source.run("EXISTS", "other") == .integer(0))
      }
    }
  }
}
