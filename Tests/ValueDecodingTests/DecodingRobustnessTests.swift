import TestSupport
import Testing
import ValueDecoding

/// Bytes that are broken anywhere: always a value or a code, and JSON that can be read.
@Suite struct DecodingRobustnessTests {
  private static let seeds =
    PythonCacheRow.all.map { (bytes: $0.value, flags: $0.flags) }
    + PickleSample.all.map { (bytes: $0.bytes, flags: $0.bytes.first == 0x80 ? nil : 1) }

  /// Bounds so small that a hostile value is through soon, however slow the build.
  private static let decoder: ValueDecoder = {
    var budget = DecodingBudget()
    budget.limits.inflated = 1 << 16
    budget.limits.nodes = 2000
    budget.limits.opcodes = 20_000
    return ValueDecoder(budget)
  }()

  private func isSound(_ decoding: Decoding) -> Bool {
    guard let json = ParsedJSON(decoding.json), !decoding.codecs.isEmpty else { return false }
    guard let failure = decoding.failure else { return decoding.outcome == "ok" }
    return json == .object(["$error": .string(failure.rawValue)])
  }

  private func decode(_ bytes: [UInt8], _ flags: UInt32?) -> Decoding {
    flags.map { Self.decoder.decode(bytes, flags: $0) } ?? Self.decoder.decode(bytes)
  }

  @Test func everyRowMayBreakOffAtEveryByte() {
    for (bytes, flags) in Self.seeds {
      // The largest are taken in steps, which the long run leaves out.
      let step = LongRun.factor > 1 ? 1 : max(1, bytes.count / 400)
      for count in stride(from: 0, to: bytes.count, by: step) {
        let decoding = decode(Array(bytes.prefix(count)), flags)
        if !isSound(decoding) { Issue.record("\(bytes.prefix(count))") }
      }
    }
  }

  @Test(arguments: LongRun.seeds(1...2))
  func anyBytesMayChange(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<(1500 * LongRun.factor) {
      guard let seed = Self.seeds.randomElement(using: &random) else { return }
      let bytes = changed(seed.bytes, using: &random)
      let flags =
        Bool.random(using: &random) ? seed.flags : UInt32.random(in: 0...40, using: &random)
      let decoding = decode(bytes, flags)
      if !isSound(decoding) { Issue.record("seed \(seed): \(bytes) \(flags as UInt32?)") }
      if Bool.random(using: &random) {
        let key = Self.keys.randomElement(using: &random) ?? ""
        _ = Self.decoder.entry(bytes, key: Array(key.utf8), in: .file)
      }
    }
  }

  private static let keys = [
    "", ":1:a", "x:2:y", "rq:job:1", "session:a", "beaker_cache:a:b", "fastapi-cache::",
    "a.djcache",
    "d41d8cd98f00b204e9800998ecf8427e", "celery-task-meta-", "flask_cache_",
  ]

  private func changed(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
      case 1: bytes.insert(.random(in: 0...255, using: &random), at: place)
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3:
        let other = Self.seeds.randomElement(using: &random)?.bytes ?? []
        bytes.insert(contentsOf: other.prefix(Int.random(in: 0...64, using: &random)), at: place)
      case 4: bytes += bytes.prefix(place)
      default: break
      }
      if bytes.count > 1 << 16 { bytes.removeLast(bytes.count - 1 << 16) }
    }
    return bytes
  }

  /// Opcodes at random find more of the stack machine than changed pickles do.
  @Test(arguments: LongRun.seeds(1...2))
  func anyOpcodesMayFollow(_ seed: UInt64) {
    let opcodes = Array("(.012FIJKLMNQRTUXabcdegijlopqrstuhBC})]G".utf8) + Array(0x80...0x98)
    var random = SeededRandom(seed: seed)
    for _ in 0..<(3000 * LongRun.factor) {
      var bytes: [UInt8] = [0x80, 4]
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes.append(opcodes.randomElement(using: &random) ?? 0x4E)
        if Int.random(in: 0..<3, using: &random) == 0 {
          bytes.append(.random(in: 0...3, using: &random))
        }
        if Int.random(in: 0..<4, using: &random) == 0 { bytes += Array("a\nb\n".utf8) }
      }
      let decoding = Self.decoder.decode(bytes + [0x2E])
      if !isSound(decoding) { Issue.record("seed \(seed): \(bytes)") }
    }
  }
}
