import CacheBackends
import RESP
import TestSupport
import Testing

/// Switching the guard of a channel while it is in use.
@Suite struct ReadOnlySwitchTests {
  private let set = RESPCommand("SET", "a", "1")
  private let get = RESPCommand("GET", "a")

  @Test func itTakesEffectWithTheNextBatch() async throws {
    let inner = ScriptedChannel { _ in .simple("OK") }
    let channel = ReadOnlyChannel(inner, isReadOnly: false)
    _ = try await channel.send([set])
    channel.setReadOnly(true)
    #expect(channel.isReadOnly)
    await #expect(throws: ChannelError.readOnly(verb: "SET")) {
      try await channel.send([get, set])
    }
    #expect(inner.verbs == ["SET"], "nothing of a refused batch is sent")
    _ = try await channel.send([get])
    channel.setReadOnly(false)
    _ = try await channel.send([set])
    #expect(inner.verbs == ["SET", "GET", "SET"])
  }

  /// A connection that was lent before is no way round it.
  @Test func itHoldsOnConnectionsThatAreLentAlready() async throws {
    let inner = ScriptedChannel { _ in .simple("OK") }
    let channel = ReadOnlyChannel(inner, isReadOnly: false)
    await #expect(throws: ChannelError.readOnly(verb: "SET")) {
      try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        _ = try await connection.send([set])
        channel.setReadOnly(true)
        _ = try await connection.send([get])
        _ = try await connection.send([set])
      }
    }
    #expect(inner.verbs == ["SET", "GET"])
  }
}
