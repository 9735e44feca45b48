import TestSupport
import ValueDecoding

/// Feeds every decoder with changed copies of real entries for so many seconds, and looks at what comes
/// out: a value or a code, in time, and nothing else.
///
/// The seed is printed; a run with it feeds the same bytes. A trap ends the program with the bytes in
/// question still to be had: those of the last round are named by the number that stands in the last
/// line. What takes longer than its bound is told.
struct DecoderFuzz {
  let seconds: Int
  let seed: UInt64

  private static let codecs: [ValueCodec] = [
    .pickle, .json, .msgpack, .base64, .djangoSigned, .dogpile, .cachelib, .cashewsSignature,
    .djangoFile, .cachelibFile, .php, .cbor, .bson, .java, .protobuf, .hyperLogLog, .bits, .zlib,
    .gzip, .xz, .bz2, .zstd, .lz4, .snappy, .integer, .text,
  ]

  /// Entries of the second formats, which no Python library writes.
  private static let others: [[UInt8]] = [
    Array(#"a:2:{s:4:"user";O:4:"User":1:{s:1:"a";d:0.5;}i:0;a:1:{i:0;b:1;}}"#.utf8),
    [0xBF, 0x63, 0x46, 0x75, 0x6E, 0xF5, 0x63, 0x41, 0x6D, 0x74, 0x21, 0xFF],
    [0x0C, 0, 0, 0, 0x10, 0x6E, 0, 7, 0, 0, 0, 0],
    [0xAC, 0xED, 0, 5, 0x74, 0, 2, 0x68, 0x69],
    [0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67, 0x08, 0x96, 1],
    Array("HYLL".utf8) + [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x7F, 0xFF],
    Array(#"{"password": "hunter2", "t": "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."}"#.utf8),
  ]

  func run() {
    print("fuzzing decoders for \(seconds) s, seed \(seed)")
    let rows = PythonCacheRow.all.map { ($0.value, $0.key, $0.flags) }
    let seeds: [([UInt8], [UInt8], UInt32?)] = rows + Self.others.map { ($0, [], nil) }
    var random = SeededRandom(seed: seed)
    let start = ContinuousClock.now
    let end = start + .seconds(seconds)
    var (rounds, slowest, failures) = (0, Duration.zero, 0)
    while ContinuousClock.now < end {
      rounds += 1
      guard let (value, key, flags) = seeds.randomElement(using: &random) else { return }
      let bytes = changed(value, seeds, using: &random)
      let before = ContinuousClock.now
      if !feed(bytes, key, flags, &random) {
        failures += 1
        print("round \(rounds): not sound: \(bytes.prefix(200))")
      }
      slowest = max(slowest, ContinuousClock.now - before)
    }
    print("  \(rounds) rounds, slowest \(slowest.milliseconds) ms, \(failures) failures")
  }

  /// Each way in, of which every one has a second.
  private func feed(
    _ bytes: [UInt8], _ key: [UInt8], _ flags: UInt32?, _ random: inout SeededRandom
  ) -> Bool {
    let stop = ContinuousClock.now + .seconds(1)
    let decoder = ValueDecoder(DecodingBudget { ContinuousClock.now > stop })
    let found = decoder.entry(bytes, key: key).decoding
    var decodings = [found]
    if let flags { decodings.append(decoder.decode(bytes, flags: flags)) }
    if let codec = Self.codecs.randomElement(using: &random) {
      decodings.append(decoder.decode(bytes, as: [codec]))
    }
    if let other = decoder.recognised(found) { decodings.append(other) }
    _ = decoder.humanView(of: found)?.text
    _ = decoder.alternatives(to: found, of: bytes)
    _ = ValueRemark.of(found)
    let secrets = SecretScan.secrets(in: bytes, named: key)
    _ = SecretMask.masked(bytes, secrets)
    return decodings.allSatisfy(isSound)
      && zip(secrets, secrets.dropFirst()).allSatisfy {
        $0.range.upperBound <= $1.range.lowerBound
      }
  }

  private func isSound(_ decoding: Decoding) -> Bool {
    let json = decoding.json
    return ValueForm.of(json) == .json || ValueForm.of(json) == .integer || json.count < 40
      || json.first == UInt8(ascii: "\"") || JSONNumber.isOne(json)
  }

  private func changed(
    _ value: [UInt8], _ seeds: [([UInt8], [UInt8], UInt32?)], using random: inout SeededRandom
  ) -> [UInt8] {
    var bytes = value
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
      case 1: bytes.insert(.random(in: 0...255, using: &random), at: place)
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3:
        let other = seeds.randomElement(using: &random)?.0 ?? []
        bytes.insert(contentsOf: other.prefix(Int.random(in: 0...256, using: &random)), at: place)
      case 4 where bytes.count < 1 << 17: bytes += bytes.prefix(place)
      case 5: bytes.removeLast(bytes.count - place)
      default: break
      }
    }
    return bytes
  }
}

/// A bare number of any length, which no form of a value is.
private enum JSONNumber {
  static func isOne(_ json: [UInt8]) -> Bool {
    json.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) }
  }
}
