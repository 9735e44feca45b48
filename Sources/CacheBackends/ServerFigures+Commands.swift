package import CacheModel

// What INFO says of single commands: `cmdstat_get:calls=3,usec=9,…` and, since Redis 7.0,
// `latency_percentiles_usec_get:p50=1.003,p99=4.015,…`.
extension ServerFigures {
  /// All commands of which calls are told.
  package var byCommand: [CommandFigures] {
    let head = "cmdstat_"
    return names.compactMap { field in
      guard field.hasPrefix(head), let line = text(field) else { return nil }
      let name = String(field.dropFirst(head.count))
      let parts = Self.parts(line)
      guard let calls = parts["calls"].flatMap({ Int64($0) }),
        let time = parts["usec"].flatMap({ Int64($0) }), calls >= 0, time >= 0
      else { return nil }
      var figures = CommandFigures(name: name, calls: calls, microseconds: time)
      let counts = [parts["failed_calls"], parts["rejected_calls"]].compactMap { $0 }
      if !counts.isEmpty { figures.failures = counts.reduce(0) { $0 &+ (Int64($1) ?? 0) } }
      let latencies = text("latency_percentiles_usec_" + name).map { Self.parts($0) } ?? [:]
      figures.median = latencies["p50"].flatMap { Double($0) }
      figures.percentile99 = latencies["p99"].flatMap { Double($0) }
      return figures
    }
  }

  private static func parts(_ line: String) -> [Substring: Substring] {
    var parts: [Substring: Substring] = [:]
    for part in line.split(separator: ",") {
      guard let sign = part.firstIndex(of: "=") else { continue }
      parts[part[..<sign]] = part[part.index(after: sign)...]
    }
    return parts
  }

  /// A field in seconds, as whole microseconds.
  func microseconds(_ name: String) -> Int64? {
    guard let seconds = text(name).flatMap({ Double($0) }), seconds >= 0, seconds < 1e12 else {
      return nil
    }
    return Int64(seconds * 1_000_000)
  }

  /// A field with a fraction, in hundredths.
  func hundredths(_ name: String) -> Int64? {
    guard let value = text(name).flatMap({ Double($0) }), value.magnitude < 1e12 else { return nil }
    return Int64((value * 100).rounded())
  }
}
