/// Lines of a report, each with what was promised where something was.
enum Report {
  static func line(
    _ name: String, _ value: Double, _ unit: String, limit: Double? = nil, atLeast: Double? = nil
  ) {
    let rounded = (value * 100).rounded() / 100
    var verdict = limit.map { value <= $0 ? "  within \($0)" : "  ABOVE \($0)" } ?? ""
    if let atLeast { verdict = value >= atLeast ? "  at least \(atLeast)" : "  BELOW \(atLeast)" }
    print("  \(name): \(rounded) \(unit)\(verdict)")
  }
}
