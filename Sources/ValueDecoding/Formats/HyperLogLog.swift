/// Redis' HyperLogLog: a string that counts different things without keeping them.
///
/// Sixteen bytes of head: `HYLL`, the encoding, and the last estimate with a mark of whether it still
/// holds. PFCOUNT would write that estimate anew; so it is computed here from the registers where the
/// one that is kept holds no more. After hyperloglog.c of Redis 7 and O. Ertl, “New cardinality
/// estimation algorithms for HyperLogLog sketches”, arXiv:1702.01284.
package struct HyperLogLog: Sendable, Hashable {
  package let isDense: Bool
  /// How many different things were added, near enough: the error is 0.81 % at one sigma.
  package let estimate: UInt64
  /// Whether it is what the server computed last, and nothing was added since.
  package let isKept: Bool

  private static let registers = 16384

  package static func isAnnounced(by bytes: [UInt8]) -> Bool {
    bytes.count >= 16 && bytes.starts(with: "HYLL".utf8) && bytes[4] <= 1
  }

  /// Nil for bytes that are none, or whose registers are not what they should be.
  package init?(_ bytes: [UInt8]) {
    guard Self.isAnnounced(by: bytes) else { return nil }
    isDense = bytes[4] == 0
    isKept = bytes[15] & 0x80 == 0
    guard let counts = isDense ? Self.dense(bytes) : Self.sparse(bytes) else { return nil }
    let kept = bytes[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    estimate = isKept ? kept : Self.estimate(counts)
  }

  /// How many registers have each value, of 16384 with six bits each, the lowest first.
  private static func dense(_ bytes: [UInt8]) -> [Int]? {
    guard bytes.count == 16 + registers * 6 / 8 else { return nil }
    var counts = [Int](repeating: 0, count: 64)
    for register in 0..<registers {
      let bit = register * 6
      let place = 16 + bit / 8
      let low = UInt16(bytes[place])
      let high = place + 1 < bytes.count ? UInt16(bytes[place + 1]) : 0
      counts[Int((low | high << 8) >> UInt16(bit % 8) & 0x3F)] += 1
    }
    return counts
  }

  /// Runs: 00 of up to 64 zeros, 01 of up to 16384 zeros, 1 of up to four of one value.
  private static func sparse(_ bytes: [UInt8]) -> [Int]? {
    var counts = [Int](repeating: 0, count: 64)
    var place = 16
    var total = 0
    while place < bytes.count {
      let byte = bytes[place]
      var (value, run) = (0, 0)
      if byte & 0xC0 == 0 {
        run = Int(byte & 0x3F) + 1
      } else if byte & 0xC0 == 0x40 {
        guard place + 1 < bytes.count else { return nil }
        run = Int(byte & 0x3F) << 8 + Int(bytes[place + 1]) + 1
        place += 1
      } else {
        value = Int(byte >> 2 & 0x1F) + 1
        run = Int(byte & 0x3) + 1
      }
      counts[value] += run
      total += run
      place += 1
    }
    return total == registers ? counts : nil
  }

  private static func estimate(_ counts: [Int]) -> UInt64 {
    let count = Double(registers)
    let last = 50
    var sum = count * tau((count - Double(counts[last + 1])) / count)
    for value in stride(from: last, through: 1, by: -1) {
      sum = (sum + Double(counts[value])) * 0.5
    }
    sum += count * sigma(Double(counts[0]) / count)
    let estimate = 0.721347520444481703680 * count * count / sum
    return estimate.isFinite && estimate < 1e18 ? UInt64(max(0, estimate.rounded())) : 0
  }

  private static func sigma(_ value: Double) -> Double {
    guard value != 1 else { return .infinity }
    var (x, y, z, before) = (value, 1.0, value, 0.0)
    repeat {
      x *= x
      before = z
      z += x * y
      y += y
    } while before != z
    return z
  }

  private static func tau(_ value: Double) -> Double {
    guard value != 0, value != 1 else { return 0 }
    var (x, y, z, before) = (value, 1.0, 1 - value, 0.0)
    repeat {
      x = x.squareRoot()
      before = z
      y *= 0.5
      z -= (1 - x) * (1 - x) * y
    } while before != z
    return z / 3
  }

  /// As a tree: what it is and what it counts.
  func tree(over bytes: [UInt8]) -> DecodedValue {
    var nested = NestedTree(bytes)
    nested.begin(.map, nil)
    func put(_ name: String, _ node: ValueNode) {
      nested.put(.text(nested.keep(name.utf8)))
      nested.put(node)
    }
    put("estimate", .integer(Int64(clamping: estimate)))
    put("kept by the server", .bool(isKept))
    put("encoding", .text(nested.keep((isDense ? "dense" : "sparse").utf8)))
    put("registers", .integer(Int64(Self.registers)))
    nested.end()
    return nested.tree
  }
}
