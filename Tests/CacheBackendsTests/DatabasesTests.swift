import CacheBackends
import CacheModel
import RESP
import Testing

@Suite(.timeLimit(.minutes(5))) struct DatabasesTests {
  @Test(arguments: SourceKind.allCases)
  func theDatabasesWithKeysAreToldWithTheirCounts(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    #expect(try await source.backend.databases() == [])
    try await source.run("SET", "a", "1")
    try await source.run("SET", "b", "1", "PX", "100000")
    #expect(
      try await source.backend.databases() == [
        DatabaseFigures(number: 0, keys: 2, keysWithTTL: 1)
      ])
    await source.close()
  }

  @Test func whatTheServerSaysIsReadWhateverItIs() {
    let figures = ServerFigures(
      "# Keyspace\r\ndb10:keys=3,expires=1,avg_ttl=0\r\ndb2:keys=7\r\ndbx:keys=1\r\ndb-1:keys=1\r\n"
        + "db99999999999999999999:keys=1\r\ndb3:keys=many\r\n")
    #expect(
      figures.databases == [
        DatabaseFigures(number: 2, keys: 7, keysWithTTL: nil),
        DatabaseFigures(number: 10, keys: 3, keysWithTTL: 1),
      ])
  }
}
