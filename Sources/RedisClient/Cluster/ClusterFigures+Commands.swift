// What nodes say of single commands, joined: calls and times add up, and of latencies the longest
// counts, since what a client waits for is the slowest node.
extension ClusterFigures {
  /// `calls=3,usec=9,usec_per_call=3.00,…`: the mean is left out, as it does not add up.
  static func sumOfCommand(_ left: String, _ right: String) -> String {
    joined(left, right) { name, one, other in
      guard name != "usec_per_call", let one = Int64(one), let other = Int64(other) else {
        return nil
      }
      let (sum, overflow) = one.addingReportingOverflow(other)
      return overflow ? nil : String(sum)
    }
  }

  /// `p50=1.003,p99=4.015`.
  static func longest(_ left: String, _ right: String) -> String {
    joined(left, right) { _, one, other in
      guard let first = Double(one), let second = Double(other) else { return nil }
      return first < second ? other : one
    }
  }

  /// `used_cpu_sys:1.250000`; nil for what is no number.
  static func sumOfSeconds(_ left: String, _ right: String) -> String? {
    guard let one = Double(left), let other = Double(right), one >= 0, other >= 0,
      one + other < 1e12
    else { return nil }
    let microseconds = Int64(((one + other) * 1_000_000).rounded())
    let fraction = String(microseconds % 1_000_000)
    let zeros = String(repeating: "0", count: max(0, 6 - fraction.count))
    return "\(microseconds / 1_000_000).\(zeros)\(fraction)"
  }

  /// Joins fields of the same names; one for which there is no answer is left out.
  private static func joined(
    _ left: String, _ right: String, by join: (Substring, String, String) -> String?
  ) -> String {
    let other = right.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
    return left.split(separator: ",").compactMap { part -> String? in
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { return nil }
      let more = other.first { $0.count == 2 && $0[0] == pair[0] }
      guard let more else { return String(part) }
      return join(pair[0], String(pair[1]), String(more[1])).map { "\(pair[0])=\($0)" }
    }.joined(separator: ",")
  }
}
