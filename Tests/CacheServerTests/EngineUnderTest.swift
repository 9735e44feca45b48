import CacheServer
import RESP
import Synchronization
import Testing

/// An engine without sockets whose clock stands still until a test moves it.
struct EngineUnderTest {
  let host: EngineHost
  let channel: InProcessChannel
  private let time: TestTime

  init(_ change: (inout EngineConfiguration) -> Void = { _ in }) throws {
    var configuration = EngineConfiguration()
    change(&configuration)
    let time = TestTime()
    self.time = time
    let clock = EngineClock(
      wallMilliseconds: { time.now.load(ordering: .relaxed) },
      monotonicMicroseconds: { EngineClock.system.monotonicMicroseconds() })
    host = try EngineHost(configuration: configuration, clock: clock)
    try host.start()
    channel = host.channel()
  }

  /// The time of the engine, in milliseconds since 1970.
  var now: Int64 { time.now.load(ordering: .relaxed) }

  func advance(milliseconds: Int64) {
    time.now.add(milliseconds, ordering: .relaxed)
  }

  /// Sends one command written as words between blanks.
  func run(_ line: String) async throws -> RESPValue {
    try await run(line.split(separator: " ").map { Array($0.utf8) })
  }

  func run(_ arguments: [[UInt8]]) async throws -> RESPValue {
    try await channel.send(RESPCommand(arguments: arguments))
  }

  /// Runs lines of `command => reply` in order; replies are written as by `short`.
  func expect(
    _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for line in script.split(separator: "\n") {
      let parts = line.split(separator: " => ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        Issue.record("no reply in \(line)", sourceLocation: sourceLocation)
        continue
      }
      let reply = short(try await run(parts[0]))
      #expect(reply == parts[1], "\(parts[0])", sourceLocation: sourceLocation)
    }
  }

  /// A figure of INFO.
  func figure(_ name: String) async throws -> Int64? {
    let text = try await run("INFO everything").text ?? ""
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(name + ":") {
      return Int64(line.dropFirst(name.count + 1))
    }
    return nil
  }
}

private final class TestTime: Sendable {
  let now = Atomic<Int64>(1_700_000_000_000)
}

/// A reply on one line: `OK`, `5`, `"text"`, `nil`, `[1, 2]`, `{"a": "b"}`, `(error) ERR …`.
func short(_ value: RESPValue) -> String {
  switch value {
  case .simple(let bytes): String(decoding: bytes, as: UTF8.self)
  case .error(let error): "(error) " + error.text
  case .integer(let number): String(number)
  case .bulk(let bytes): "\"" + String(decoding: bytes, as: UTF8.self) + "\""
  case .array(let values), .set(let values), .push(let values):
    "[" + values.map(short).joined(separator: ", ") + "]"
  case .null: "nil"
  case .map(let pairs):
    "{" + pairs.map { short($0.key) + ": " + short($0.value) }.joined(separator: ", ") + "}"
  case .verbatim(_, let text): String(decoding: text, as: UTF8.self)
  case .double(let number): String(number)
  case .boolean(let flag): String(flag)
  case .bigNumber(let digits): String(decoding: digits, as: UTF8.self)
  }
}
