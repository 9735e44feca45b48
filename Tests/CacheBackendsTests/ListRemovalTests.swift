import CacheBackends
import CacheModel
import RESP
import Testing

/// Elements of a list are removed by position and value together or not at all, also while another
/// client pushes all the time.
@Suite(.timeLimit(.minutes(5))) struct ListRemovalTests {
  private let key = CacheKey("queue")

  /// Pushes `w0`, `w1`, … at the head until cancelled; answers how many.
  private func writer(_ source: SourceUnderTest) -> Task<Int, any Error> {
    Task { [key] in
      var pushed = 0
      while !Task.isCancelled {
        try await source.run("LPUSH", key.bytes, bytes("w\(pushed)"))
        pushed += 1
      }
      return pushed
    }
  }

  @Test(arguments: SourceKind.unhurried)
  func noForeignElementIsLost(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    // Many alike, so that value alone does not tell them apart.
    var own = (0..<300).map { bytes("v\($0 % 7)") }
    for element in own { try await source.run("RPUSH", key.bytes, element) }
    let writer = writer(source)
    var random = SystemRandomNumberGenerator()
    var removed = 0
    for round in 0..<200 {
      let place = Int.random(in: own.indices, using: &random)
      // Half of them count from the tail, which holds still; half from the head, which does not.
      let fromTail = round % 2 == 0
      let length = fromTail ? 0 : try await source.run("LLEN", key.bytes).integer ?? 0
      let position = length - Int64(own.count - place)
      let change = KeyChange.removeElement(at: position, expected: own[place])
      switch try await source.backend.apply(change, to: key, undoLimit: nil) {
      case .done:
        removed += 1
        if fromTail {
          own.remove(at: place)
        } else {
          // Whichever was there had these bytes; the list itself tells which it was.
          own = try await elements(source).filter { $0.first != UInt8(ascii: "w") }
        }
      case .changedMeanwhile: break
      case let outcome: Issue.record("\(outcome)")
      }
    }
    writer.cancel()
    let pushed = try await writer.value
    let foreign = (0..<pushed).reversed().map { bytes("w\($0)") }
    #expect(try await elements(source) == foreign + own)
    #expect(own.count == 300 - removed)
    // Two clients of the engine take turns, and one that never pauses is always in between.
    if !kind.isEngine { #expect(removed > 50, "\(removed) of 200 removed") }
    await source.close()
  }

  private func elements(_ source: SourceUnderTest) async throws -> [[UInt8]] {
    let reply = try await source.run("LRANGE", key.bytes, bytes("0"), bytes("-1"))
    return reply.elements?.compactMap(\.bytes) ?? []
  }
}
