import CacheBackends
import CacheModel
import KeyQuery
import RESP
import Synchronization
import TestSupport
import Testing

/// What judging keys by a query costs a source: names decide first, then figures, then tags, and
/// values are read last, of those keys alone that everything else lets pass.
@Suite(.timeLimit(.minutes(5))) struct JudgeCostTests {
  private final class Traffic: Sendable {
    private let asked = Mutex<[RESPCommand]>([])

    func note(_ command: RESPCommand) -> RESPCommand {
      asked.withLock { $0.append(command) }
      return command
    }

    func forget() { asked.withLock { $0 = [] } }

    /// The commands about a key that ask for more than what it is and how long it lives.
    func verbs(about name: String) -> Set<String> {
      let figures = ["TYPE", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "EXISTS"]
      let name = Array(name.utf8)
      return asked.withLock { asked in
        Set(asked.filter { $0.arguments.dropFirst().contains(name) }.map(\.verb))
      }.subtracting(figures)
    }
  }

  private let names = ["short", "long", "hash", "else"]

  private func judge(
    _ text: String, _ source: SourceUnderTest, _ traffic: Traffic
  ) async throws -> [Verdict?] {
    for command in [
      ["SET", "short", "the word", "PX", "900000"], ["SET", "long", "the word"],
      ["HSET", "hash", "field", "word"], ["SET", "else", "nothing"],
    ] {
      _ = try await source.other.send(
        RESPCommand(arguments: command.map { Array($0.utf8) }))
    }
    let backend = RedisBackend(
      over: MappedChannel(inner: source.channel, asked: traffic.note), address: "x", database: 0)
    _ = try await backend.open()
    let query = try Query(text)
    let tags = try await TagMeanings(query.tagSpellings, in: backend)
    traffic.forget()
    let judge = QueryJudge(query, tags: tags) { _ in Recognition(codecs: [], framework: "plain") }
    return try await judge.judge(names.map { CacheKey($0) }, by: backend).map(\.verdict)
  }

  @Test(arguments: SourceKind.allCases)
  func valuesAreReadOfWhatIsStillOpenAlone(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let traffic = Traffic()
    let verdicts = try await judge("value:word ttl:none type:string", source, traffic)
    #expect(verdicts == [.fails, .matches, .fails, .fails])
    #expect(!traffic.verbs(about: "long").isEmpty && !traffic.verbs(about: "else").isEmpty)
    #expect(traffic.verbs(about: "short").isEmpty && traffic.verbs(about: "hash").isEmpty)
    await source.close()
  }

  @Test(arguments: SourceKind.allCases.filter(\.isEngine))
  func tagsAreAskedOfWhatIsStillOpenAlone(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    try await source.run("SET", "tagged", "x")
    try await source.run("CACHESCOPE.TAG", "tagged", "news")
    let traffic = Traffic()
    let verdicts = try await judge("!tag:news ttl:none type:string", source, traffic)
    #expect(verdicts == [.fails, .matches, .fails, .matches])
    #expect(!traffic.verbs(about: "long").isEmpty)
    #expect(traffic.verbs(about: "short").isEmpty && traffic.verbs(about: "hash").isEmpty)
    await source.close()
  }
}
